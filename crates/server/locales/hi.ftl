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
own-token = आपका नंबर
own-doctor = डॉक्टर
own-room = कमरा
own-date = तारीख़
own-serving = अभी अंदर
own-about = लगभग { $time } बजे
own-band = { $from } और { $to } के बीच
own-waited = कितना इंतज़ार हो गया
own-ahead = { $n ->
    [0] अगली बारी आपकी है
    [one] आपसे पहले 1 मरीज़
   *[other] आपसे पहले { $n } मरीज़
  }
own-by-emergency = { $n } आपातकाल
own-by-paid_priority = { $n } सशुल्क
own-by-follow_up = { $n } दोबारा
own-by-walk_in = { $n } सीधे आए
own-by-online = { $n } ऑनलाइन
own-late = पहले बताए समय से लगभग { $n } मिनट देर
own-early = पहले बताए समय से लगभग { $n } मिनट पहले
own-moved = आपको दूसरी जगह दी गई है। नीचे डॉक्टर, कमरा और समय देख लें।
own-updated = { $time } पर ताज़ा
own-state-waitlisted = आप प्रतीक्षा सूची में हैं
own-more-waitlisted = अभी जगह नहीं है। जगह मिलते ही वह आपकी होगी, और यहीं दिखेगी।
own-state-later = { $date } को मिलते हैं
own-more-later = आने पर काउंटर पर बता दें।
own-state-not-here = आपकी हाज़िरी अभी नहीं लगी है
own-more-not-here = आ गए हैं तो काउंटर पर बता दें।
own-more-not-here-by = { $by } बजे तक काउंटर पर बता दें कि आप आ गए हैं। तब तक आपकी जगह रखी है।
own-state-time = अभी समय है: चाय पी आइए। { $by } बजे तक लौट आएँ
own-state-come = अब लौट आइए
own-more-come = आपको कभी भी बुलाया जा सकता है।
own-state-turn = आपकी बारी है: कमरा { $room }
own-state-turn-anywhere = आपकी बारी है
own-more-turn = अब अंदर जाइए।
own-state-inside = आप डॉक्टर के पास हैं
own-state-missed = आपको बुलाया गया था, आप नहीं थे
own-more-missed = काउंटर पर आइए: आप फिर से कतार में लग सकते हैं।
own-more-missed-by = { $by } बजे तक काउंटर पर आइए: आप फिर से कतार में लग सकते हैं।
own-state-seen = डॉक्टर ने आपको देख लिया। धन्यवाद
own-more-seen = जल्दी अच्छे हो जाइए।
own-state-no-show = आप नहीं आए
own-more-no-show = आपकी जगह किसी और को दे दी गई। नए नंबर के लिए काउंटर पर पूछें।
own-state-cancelled = यह नंबर लौटा दिया गया है
own-more-cancelled = फिर भी आना चाहें तो काउंटर पर पूछें।
own-why = ऐसा क्यों है?
own-order-band = पहले आपातकाल, फिर सशुल्क, फिर दोबारा आए, फिर बाकी सब; हर एक में जिसने पहले बुक किया वह पहले। बुलाया उन्हीं को जाता है जो यहाँ हैं।
own-order-target = पहले आपातकाल। बाकी सब इंतज़ार के हिसाब से: कोई थोड़ा ज़्यादा रुक सकता है, बहुत ज़्यादा कोई नहीं। बुलाया उन्हीं को जाता है जो यहाँ हैं।
own-order-fcfs = जो पहले आया उसकी बारी पहले। बुलाया उन्हीं को जाता है जो यहाँ हैं।
own-order-strict = जिसे ज़्यादा ज़रूरी है वह पहले; बराबर वालों में जो पहले आया। बुलाया उन्हीं को जाता है जो यहाँ हैं।
own-order-apq = जितना लंबा इंतज़ार उतनी जल्दी बारी, और ज़रूरी मरीज़ की और जल्दी। बुलाया उन्हीं को जाता है जो यहाँ हैं।
own-story-token_booked = बुकिंग हुई।
own-story-token_waitlisted = प्रतीक्षा सूची में रखा गया।
own-story-token_promoted = जगह मिल गई।
own-story-token_became_waitlisted = प्रतीक्षा सूची में रखा गया।
own-story-token_became_booked = बुकिंग हुई।
own-story-token_arrived = आपकी हाज़िरी लगी।
own-story-token_called = आपको बुलाया गया।
own-story-token_started = आप अंदर गए।
own-story-token_completed = डॉक्टर ने आपको देख लिया।
own-story-token_passed = आपको बुलाया गया, आप नहीं थे।
own-story-token_no_show = आपकी जगह किसी और को दे दी गई।
own-story-token_cancelled = जगह लौटा दी गई।
own-story-token_placed = काउंटर ने आपको कतार में दूसरी जगह रखा; कारण वहीं पूछें।
own-story-token_recalled = आपको एक बार फिर बुलाया गया।
own-story-token_undone = पिछला कदम वापस लिया गया।
own-story-token_moved = आपका समय बदला गया।
own-story-token_moved_in = आपको { $doctor } के पास भेजा गया।
own-story-token_earlier_agreed = आपने बदला कि पहले आ सकते हैं या नहीं।
own-earlier-ask = पहले जगह खाली हो तो क्या आप पहले आ सकते हैं?
own-earlier-agree = हाँ, मैं पहले आ सकता हूँ / सकती हूँ
own-earlier-yes = आपने कहा है कि आप पहले आ सकते हैं। जगह खाली होगी तो आपका समय बदल जाएगा।
own-earlier-stop = नहीं, अब नहीं
own-leave = मैं नहीं आ पाऊँगा / पाऊँगी
own-leave-title = { $label }: अपनी जगह लौटानी है?
own-leave-words = यह जगह किसी इंतज़ार करने वाले को मिलेगी। यह वापस नहीं होगा; फिर आना हो तो नया नंबर लेना होगा।
own-leave-yes = हाँ, मैं नहीं आ पाऊँगा / पाऊँगी
own-leave-no = नहीं, मैं आ रहा हूँ / रही हूँ
own-late-title = यह नंबर अब लौटाया नहीं जा सकता
own-late-words = आप डॉक्टर को दिखा चुके हैं, या यह पहले ही लौटाया जा चुका है। कुछ ठीक न लगे तो काउंटर पर बताएँ।
own-to-token = मेरे नंबर पर वापस
own-over-title = यह मुलाक़ात पूरी हो चुकी है
own-over-words = नंबर का पन्ना मुलाक़ात के अगले दिन तक रहता है। नए नंबर के लिए काउंटर पर पूछें।

## Slip
slip-moves = समय बदलता है। अपना समय देखने के लिए स्कैन करें।

## Kiosk

## Settings

## Report

## Demo

## Problems
problem-body_not_json = जो भेजा गया वह पढ़ा नहीं जा सका।
problem-not_signed_in = पहले अंदर आएँ (नाम और पासवर्ड से)।
problem-sign_in_wrong = नाम और पासवर्ड मेल नहीं खाते: फिर कोशिश करें, या प्रबंधक से नया पासवर्ड लें।
problem-not_allowed = यह काम आपके लिए खुला नहीं है: प्रबंधक से पूछें।
problem-password_change_needed = आपका पासवर्ड किसी और को मालूम है: पहले उसे बदलें।
problem-cross_site = किसी दूसरी साइट ने आपके ब्राउज़र से यह माँगा, इसलिए नहीं किया गया।
problem-path_unknown = इस पते पर कुछ नहीं है।
problem-facility_unknown = ऐसा कोई अस्पताल नहीं है।
problem-doctor_unknown = ऐसे कोई डॉक्टर नहीं हैं।
problem-patient_unknown = ऐसे कोई मरीज़ नहीं हैं।
problem-slot_unknown = ऐसा कोई समय (स्लॉट) नहीं है।
problem-token_unknown = ऐसा कोई टोकन नहीं है।
problem-schedule_unknown = समय-सारणी में ऐसी कोई पंक्ति नहीं है।
problem-user_unknown = ऐसा कोई नाम यहाँ काम नहीं करता।
problem-key_unknown = ऐसी कोई चाबी नहीं है।
problem-method_unknown = इस पते पर यह नहीं होता।
problem-request_too_slow = पहुँचने में बहुत देर लगी: फिर भेजें।
problem-no_seat = सीट नहीं है: दूसरा समय या डॉक्टर चुनें, या प्रतीक्षा सूची में रखें।
problem-no_seat-next = { $date } को सीट नहीं है; अगली जगह: { $room }।
problem-no_slots = उस दिन डॉक्टर का कोई समय नहीं है: दूसरा दिन चुनें, या समय जोड़ें।
problem-slot_over = यह समय निकल गया: बाद का चुनें।
problem-slot_over-which = { $window } का समय निकल गया: बाद का चुनें।
problem-slot_not_open = इस समय में बुकिंग बंद है: दूसरा चुनें।
problem-doctor_away = डॉक्टर अभी किसी को नहीं देख रहे: दूसरे डॉक्टर चुनें।
problem-patient_not_active = मरीज़ का रिकॉर्ड बंद है: बुकिंग से पहले उसे चालू करें।
problem-already_booked = मरीज़ के पास पहले से टोकन है।
problem-already_booked-number = उस दिन इन डॉक्टर के पास मरीज़ का टोकन { $number } पहले से है।
problem-status_impossible = टोकन के साथ अभी यह नहीं हो सकता।
problem-token_not_waiting = यह टोकन इंतज़ार में नहीं है: इंतज़ार वाला चुनें।
problem-emergencies_first = आपातकाल सबसे पहले रहता है: ऐसी जगह चुनें जहाँ वह आगे रहे।
problem-slots_overlap = यह समय किसी दूसरे से टकराता है: दूसरे घंटे चुनें।
problem-seats_taken = उससे ज़्यादा सीटें दी जा चुकी हैं: आख़िर वालों को आगे भेजने को कहें, या ज़्यादा सीटें रखें।
problem-slot_holds_patients = इस समय में मरीज़ हैं: उन्हें आगे भेजने को कहें, या बुकिंग बंद करें।
problem-taken = यह पहले से लिया जा चुका है: कोई और चुनें।
problem-limit_reached = हद पूरी हो गई है।
problem-visit_in_progress = एक मरीज़ डॉक्टर के पास हैं: पहले उन्हें पूरा करें।
problem-visit_in_progress-number = टोकन { $number } डॉक्टर के पास है: पहले उसे पूरा करें।
problem-another_is_called = किसी और को बुलाया जा चुका है: पहले उन्हें शुरू करें या "नहीं आए" लिखें, फिर दूसरे को बुलाएँ।
problem-another_is_called-number = टोकन { $number } को बुलाया जा चुका है: पहले उसे शुरू करें या "नहीं आए" लिखें, फिर दूसरे को बुलाएँ।
problem-nobody_to_call = इंतज़ार वालों में कोई मौजूद नहीं है: जो आए हों उनकी हाज़िरी लगाएँ।
problem-nobody_to_call-empty = बुलाने को कोई नहीं है: कोई इंतज़ार में नहीं।
problem-not_here = मरीज़ मौजूद नहीं हैं: पहले हाज़िरी लगाएँ।
problem-not_here-number = टोकन { $number } मौजूद नहीं है: पहले हाज़िरी लगाएँ।
problem-not_yet = वह दिन अभी आया नहीं: मरीज़ उसी दिन बुलाए जाते हैं।
problem-nothing_to_undo = वापस लेने को कोई क़दम नहीं है।
problem-seat_given_away = सीट किसी और को मिल चुकी है: मरीज़ को फिर से बुक करें।
problem-nothing_to_leave = उस समय में डॉक्टर का कोई समय नहीं है: रद्द करने को कुछ नहीं।
problem-same_slot = वह पहले से उसी समय में है: दूसरा चुनें।
problem-clock_not_set = घड़ी वहाँ नहीं रखी जा सकती।
problem-last_admin = किसी एक का प्रबंधक रहना ज़रूरी है।
problem-patient_erased = मरीज़ का रिकॉर्ड मिटाया जा चुका है।
problem-patient_has_token = मरीज़ के पास अभी टोकन है।
problem-queue_changed = क़तार अभी-अभी बदली है: फिर देखें, फिर करें।
problem-body_too_large = एक बार में इतना ज़्यादा नहीं।
problem-body_not_typed = जो भेजा गया वह पढ़ा नहीं जा सका।
problem-host_unknown = यह सर्वर उस पते के लिए जवाब नहीं देता।
problem-field_wrong = कुछ ठीक नहीं भरा गया: जो लिखा है उसे देखें।
problem-date_over = वह तारीख़ निकल गई: आज या बाद की चुनें।
problem-emergency_is_today = आपातकाल आज ही देखा जाता है: आज का लें, या दूसरा तरीक़ा चुनें।
problem-key_reused = वही अनुरोध दूसरी बातों के साथ आया: फिर से करें।
problem-reason_missing = कारण लिखें।
problem-password_weak = पासवर्ड आसानी से पकड़ा जा सकता है: लंबा रखें, या कुछ अलग-अलग शब्द जोड़ें।
problem-sign_in_too_often = बहुत बार कोशिश हुई: थोड़ा रुककर फिर करें।
problem-sign_in_too_often-wait = बहुत बार कोशिश हुई: { $seconds } सेकंड रुककर फिर करें।
problem-too_many_requests = एक साथ बहुत ज़्यादा हो गया: ज़रा रुकें।
problem-defect = यहाँ कुछ गड़बड़ हुई: कुछ बदला नहीं गया। चलाने वालों से पूछें।
problem-busy = एक साथ बहुत लोग लगे हैं: ज़रा देर में फिर करें।
problem-printer_unavailable = प्रिंटर जवाब नहीं दे रहा: देखें कि वह चालू है और उसमें कागज़ है, फिर छापें।
problem-store_unavailable = डेटाबेस से संपर्क नहीं हो रहा: ज़रा देर में फिर करें।

## Reasons
reason-slot_full = { $window } भर गया है ({ $limit } में से { $count })।
reason-slot_over = { $window } का समय निकल गया।
reason-slot_not_open = { $window } { $status } है।
reason-seat_taken = { $window } में { $limit } में से सीट { $count }।
reason-buffer_used = { $window } में { $limit } में से सीट { $count }, जो आपातकाल के लिए रखी गई थी।
reason-overridden = सुपरवाइज़र ने { $window } में सीट दी: { $why }
reason-follow_up_elsewhere = इन डॉक्टर के पास पहले आने की जानकारी नहीं है, इसलिए सीधे आने वालों में गिना गया (क्रम { $band })।
reason-numbered = { $source } का क्रम { $band } है: नंबर { $sequence }।
reason-present_at_once = मौजूद माना गया।
reason-must_check_in = आने पर काउंटर पर हाज़िरी देनी है।
reason-present_from_start = { $time } से मौजूद माना जाएगा।
reason-ahead = { $count } लोग पहले हैं।
reason-ahead-none = पहले कोई नहीं है।
reason-ahead-emergencies = { $count } लोग पहले हैं, उनमें { $emergencies } आपातकाल।
reason-waitlisted = प्रतीक्षा सूची में रखा गया, { $before } पहले हैं।
reason-became = पहले: { $was }; अब: { $is }।
reason-unchanged = पहले से ही: { $is }।
reason-seat_freed = { $window } में एक सीट ख़ाली हुई।
reason-from_waitlist = { $window } में सीट ख़ाली हुई तो प्रतीक्षा सूची में अगली बारी इनकी थी।
reason-placed_by_hand = हाथ से टोकन { $number } के पीछे रखा गया: { $why }
reason-placed_by_hand-first = हाथ से सबसे आगे रखा गया: { $why }
reason-rejoined = बुलाने पर छूटने के बाद लौटे; अब { $people } लोगों के पीछे हैं।
reason-rejoins_used_up = { $times } बार लौटने के बाद फिर बुलाने पर नहीं आए।
reason-rejoins_used_up-never = बुलाने पर नहीं आए; यहाँ दोबारा नहीं बुलाया जाता।
reason-rejoins_used_up-once = एक बार लौटने के बाद फिर बुलाने पर नहीं आए।
reason-made_room = जगह बनाने के लिए नंबर { $old } की जगह { $new } हुआ; क्रम वही है।
reason-stepped_back = जगह बनाने के लिए ज़रा पीछे; बाक़ी सबका क्रम वही है।
reason-next_in_order = क्रम में अगले (नियम: { $policy })।
reason-next_in_order-absent = जो मौजूद हैं उनमें अगले (नियम: { $policy }); { $people } लोग अभी नहीं आए।
reason-called_out_of_order = क्रम से पहले बुलाया गया, { $people } लोगों से आगे: { $why }
reason-called_already = पहले ही बुलाया जा चुका है।
reason-called_again = एक बार फिर बुलाया गया; आने का समय फिर से शुरू।
reason-taken_back = वापस लिया गया: पहले { $was }, अब फिर { $is }।
reason-grace_over = बुलाने के { $minutes } मिनट में नहीं आए।
reason-slot_ended = { $window } का समय निकल गया और मरीज़ नहीं आए।
reason-nothing_due = अभी कुछ बाक़ी नहीं है।
reason-running_late = डॉक्टर को { $minutes } मिनट की देर है।
reason-running_late-why = डॉक्टर को { $minutes } मिनट की देर है: { $why }
reason-on_time_again = डॉक्टर अब समय पर हैं।
reason-doctor_leaves = डॉक्टर जा रहे हैं।
reason-doctor_leaves-why = डॉक्टर जा रहे हैं: { $why }
reason-moved = { $to } में रखा गया: { $cause }
reason-moved-from = { $old } से { $to } में रखा गया: { $cause }
reason-other_doctor = वहाँ इनका नंबर { $to } है; अब तक { $old } था।
reason-keeps_seniority = टोकन { $before } से पहले, जिसे बाद का समय बताया गया था।
reason-no_room_left = कोई और सीट नहीं बची, इसलिए सीट का इंतज़ार है; काउंटर से बुलाया जाएगा। कारण: { $cause }
reason-earlier_agreed = पहले आने को तैयार हैं।
reason-earlier_agreed-no = अब पहले आने को तैयार नहीं हैं।
reason-slot_limits = { $window }: { $max_count } सीटें, आपातकाल मिलाकर { $hard_limit }, { $status }।
cause-doctor_leaves = डॉक्टर जा रहे हैं।
cause-slot_cancelled = यह समय रद्द हो गया है।
cause-fewer_seats = इस समय की सीटें कम हो गई हैं।
cause-displaced = किसी ज़्यादा ज़रूरी मरीज़ (क्रम { $band }) को सीट चाहिए थी।
cause-came_forward = एक सीट ख़ाली हुई, और मरीज़ पहले आने को तैयार थे।
cause-by_hand = हाथ से।
policy-band = क्रम
policy-target = लक्ष्य
policy-fcfs = पहले आओ पहले पाओ
policy-strict = सख़्त क्रम
policy-apq = बढ़ती प्राथमिकता
slot-open = खुला
slot-closed = बंद
slot-cancelled = रद्द
