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
room-now = अभी
room-nobody-in = अभी कोई नहीं बुलाया गया
room-here-since = { $time } से मौजूद
room-since = { $time } से
room-rejoined = एक बार बुलाने पर नहीं आए थे
room-in-order = अपनी बारी पर बुलाया गया।
room-out-of-order = बारी से पहले बुलाया गया: { $why }
room-counts = { $here } मौजूद, { $absent } अभी नहीं आए
room-waitlisted = { $n } प्रतीक्षा सूची में
room-do-call = अगले को बुलाएँ
room-do-start = शुरू करें
room-do-finish-and-call = पूरा हुआ, अगले को बुलाएँ
room-do-finish = पूरा हुआ
room-do-nobody = बुलाने को कोई नहीं
room-space = स्पेस बार
room-recall = फिर बुलाएँ
room-missed = नहीं आए
room-undo = वापस लें
room-changed = कतार अभी बदली है। देखकर फिर दबाएँ।
room-next-ones = आगे
room-nobody-waits = कोई इंतज़ार नहीं कर रहा।
room-rest = और { $n }
room-about = लगभग { $time }
room-is-next = अगली बारी
room-call-this = बुलाएँ
room-is-here = आ गए
room-is-back = लौट आए
room-not-before = आपने कहा है: { $time } से पहले नहीं। किसी को बुलाते ही यह हट जाएगा।
room-day-no-slots = आज यहाँ देखने का समय नहीं है।
room-day-on-leave = छुट्टी पर। नए टोकन नहीं मिलेंगे।
room-day-inactive = ये डॉक्टर अब यहाँ काम नहीं करते।
room-day-left = आज का सारा समय रद्द है।
room-day-over = आज का समय पूरा हो गया।
room-away = देर, विराम, छुट्टी
room-late = देर हो रही है
room-late-by = +{ $n } मिनट
room-on-time = अब समय पर
room-break = विराम
room-minutes = मिनट
room-break-begin = शुरू
room-leave = छुट्टी
room-leave-from = कब से
room-leave-until = कब तक
room-leave-note = खाली छोड़ें तो: अभी से, आज के बाकी समय के लिए।
room-leave-why = क्यों
room-leave-preview = क्या होगा?
room-leave-now = जाएँ, सबको दूसरी जगह दें
room-leave-slots = यह समय नहीं होगा
room-leave-moved = इन्हें दूसरी जगह मिलेगी
room-leave-waitlisted = इनके लिए जगह नहीं: काउंटर इन्हें फ़ोन करेगा
room-leave-nobody = किसी को हटाना नहीं पड़ेगा।
room-leave-to = { $doctor }, कमरा { $room }, { $from }–{ $to }
room-call-title = बारी से पहले बुलाएँ:
room-why-label = अभी क्यों?
room-why-note = जिनसे पहले बुलाया जाए वे पूछ सकते हैं। चल रही जाँच पूरी मानी जाएगी।
room-call-now = अभी बुलाएँ
room-not = अभी नहीं
room-because-unwell = तबीयत ठीक नहीं
room-because-child = छोटा बच्चा
room-because-elder = बुज़ुर्ग या कमज़ोर
room-because-report = रिपोर्ट लेकर लौटे हैं
room-because-short = बस छोटा-सा सवाल

## Board
board-title = बोर्ड
board-choose = गलियारे के लिए बोर्ड
board-choose-doctors = किनके टोकन? (12 तक)
board-no-doctors = अभी कोई डॉक्टर नहीं है।
board-columns = खाने
board-columns-by-itself = जैसे ठीक बैठें
board-language = पहली भाषा
board-speaks = आवाज़
board-speaks-hi-en = हिन्दी, फिर अंग्रेज़ी
board-speaks-en-hi = अंग्रेज़ी, फिर हिन्दी
board-speaks-hi = हिन्दी
board-speaks-en = अंग्रेज़ी
board-banner = नीचे क्या लिखा रहे (200 अक्षर तक)
board-show = दिखाएँ
board-key-note = जिस टीवी पर कोई साइन इन नहीं करता, वहाँ स्क्रीन की कुंजी वाला पता खोलें।
board-open-title = इस स्क्रीन के लिए बोर्ड
board-open-key = स्क्रीन की कुंजी
board-open-note = प्रबंधक इसे सेटिंग में, कुंजियों के नीचे बनाते हैं।
board-open-do = बोर्ड खोलें
board-open-sign-in = मैं यहाँ काम करता/करती हूँ: अंदर आएँ
board-open-wrong = इस कुंजी से कोई बोर्ड नहीं खुलता। अक्षर-अक्षर फिर देखें, या प्रबंधक से नई माँगें।
board-open-signed-in = आप यहाँ अंदर आ चुके हैं। पहले बाहर निकलें, फिर यह ब्राउज़र स्क्रीन बन सकता है।
board-far = कितनी दूर से पढ़ा जा सकता है?
board-far-note = { $n } डॉक्टरों के टोकन, आराम से, चौड़ी स्क्रीन पर।
board-far-screen = स्क्रीन
board-far-columns = { $n } खाने
board-far-metres = { $n } मी
board-room = कमरा
board-clock = समय
board-called = अंदर जाइए
board-in_consultation = डॉक्टर के पास
board-next = आगे
board-late = लगभग { $n } मिनट देर
board-not-before = { $time } से पहले नहीं
board-on-leave = आज नहीं हैं
board-sound = आवाज़ चालू करें
# The languages that it speaks if nobody said otherwise, in this order.
board-voices = hi,en
board-said = टोकन { $label }, कमरा { $room }

## The patient's own page

## Slip

## Kiosk

## Settings

## Report

## Demo

## Problems

## Reasons
