### हिन्दी

language-name = हिन्दी

## Around every page
skip = सीधे मुख्य भाग पर जाएँ
nav = जगहें
live = चालू
lost = { $time } से संपर्क नहीं है
offline = सर्वर से संपर्क नहीं हो रहा: कनेक्शन देखें। कुछ बदला नहीं गया।
sign-out = बाहर निकलें
trouble-title = यह नहीं हो पाया
trouble-home = पहले पन्ने पर
place-desk = काउंटर
place-room = कमरे
place-board = बोर्ड
place-report = रिपोर्ट
place-admin = सेटिंग
home-title = कहाँ जाना है?
about-desk = बुकिंग, हाज़िरी, बदलाव: काउंटर का काम
about-room = अगले मरीज़ को बुलाएँ: डॉक्टर का कमरा
about-board = गलियारे की स्क्रीन के लिए
about-report = इंतज़ार, जो नहीं आए, समय कितना सही रहा
about-admin = डॉक्टर, समय, नियम, लोग

## Times, dates, numbers
format-time = %-I:%M
# 12 or 24
format-hours = 12
format-date = { $weekday } { $day } { $month }
weekday-1 = सोम
weekday-2 = मंगल
weekday-3 = बुध
weekday-4 = गुरु
weekday-5 = शुक्र
weekday-6 = शनि
weekday-7 = रवि
month-1 = जनवरी
month-2 = फ़रवरी
month-3 = मार्च
month-4 = अप्रैल
month-5 = मई
month-6 = जून
month-7 = जुलाई
month-8 = अगस्त
month-9 = सितंबर
month-10 = अक्टूबर
month-11 = नवंबर
month-12 = दिसंबर

## The words of the trade
role-admin = प्रबंधक
role-supervisor = सुपरवाइज़र
role-reception = काउंटर
role-doctor = डॉक्टर
source-emergency = आपातकाल
source-paid_priority = सशुल्क
source-follow_up = दोबारा
source-walk_in = सीधे आए
source-online = ऑनलाइन
letter-emergency = E
letter-paid_priority = P
letter-follow_up = F
letter-walk_in = W
letter-online = O
status-waitlisted = प्रतीक्षा सूची में
status-booked = अभी नहीं आए
status-arrived = मौजूद
status-called = बुलाया गया
status-in_consultation = डॉक्टर के पास
status-completed = देखा गया
status-passed = बुलाने पर नहीं आए
status-no_show = नहीं आए
status-cancelled = रद्द

## Signing in
sign-in = अंदर आएँ
sign-in-facility = अस्पताल या क्लिनिक
sign-in-name = नाम
sign-in-password = पासवर्ड
sign-in-elsewhere = अस्पताल के खाते से अंदर आएँ
password-title = पासवर्ड चुनें
password-must-change = आपका पासवर्ड किसी और को मालूम है। ऐसा चुनें जो सिर्फ़ आप जानें।
password-current = अब तक का पासवर्ड
password-new = नया पासवर्ड
password-change = बदलें

## Desk

## Rooms (the doctor's console)
room-choose = किसका कमरा?
room-number = कमरा { $room }
room-next = अगले को बुलाएँ

## Board

## The patient's own page

## Slip

## Kiosk

## Settings

## Report

## Demo
demo-title = नमूना
demo-bar = नमूना
demo-all = सारी जगहें
demo-speed = { $speed } गुना तेज़
demo-what = एक चलता-फिरता अस्पताल: छह डॉक्टर, मरीज़ जो आते हैं, इंतज़ार करते हैं और बुलाए जाते हैं, और एक घड़ी जिसे आप तेज़ चला सकते हैं। एक क्लिक में जो चाहें बन जाइए; आप जो भी करेंगे, वह बाकी सब पन्नों पर तुरंत दिखेगा।
demo-places = जगहें
demo-doctors = डॉक्टर: स्पेस बार से कमरा चलाइए
demo-be = { $name } बनिए
demo-be-reception = काउंटर सँभालिए ({ $name })
demo-report = रिपोर्ट ({ $name })
demo-admin = सेटिंग
demo-board = गलियारे का बोर्ड
demo-phone = एक मरीज़ का फ़ोन
demo-about-phone = कोई जो अभी इंतज़ार कर रहा है, और उसे क्या दिखता है
demo-kiosk = कियोस्क
demo-about-kiosk = दरवाज़े पर हाज़िरी दीजिए या टोकन लीजिए
demo-docs = API: हर कॉल, पढ़ने और आज़माने के लिए
demo-hands = जब आप किसी डॉक्टर का कमरा ख़ुद चलाते हैं, तो अस्पताल की घड़ी से पंद्रह मिनट तक डॉक्टर उसे आप पर छोड़ देते हैं।

## Problems

## Reasons
