### English. Another language is another file like this one: the same names, other words.

language-name = English

## Around every page
skip = Skip to the main part
nav = Places
live = live
lost = no connection since { $time }
offline = The server can't be reached: check the connection. Nothing was changed.
sign-out = Sign out
trouble-title = That did not work
trouble-home = To the first page
place-desk = Desk
place-room = Rooms
place-board = Board
place-report = Report
place-admin = Settings
home-title = Where to?
about-desk = Book, check in, move: the reception
about-room = Call the next patient: the doctor's room
about-board = For the screen in the corridor
about-report = Waits, no-shows, how true the times were
about-admin = Doctors, hours, rules, people

## Times, dates, numbers
format-time = %H:%M
# 12 or 24
format-hours = 24
format-date = { $weekday } { $day } { $month }
weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec

## The words of the trade
role-admin = administrator
role-supervisor = supervisor
role-reception = reception
role-doctor = doctor
source-emergency = Emergency
source-paid_priority = Paid
source-follow_up = Follow-up
source-walk_in = Walk-in
source-online = Online
letter-emergency = E
letter-paid_priority = P
letter-follow_up = F
letter-walk_in = W
letter-online = O
status-waitlisted = on the waiting list
status-booked = not here yet
status-arrived = here
status-called = called
status-in_consultation = with the doctor
status-completed = seen
status-passed = missed the call
status-no_show = did not come
status-cancelled = cancelled

## Signing in
sign-in = Sign in
sign-in-facility = Hospital or clinic
sign-in-name = Name
sign-in-password = Password
sign-in-elsewhere = Sign in with the hospital's account
password-title = Choose a password
password-must-change = Somebody else knows your password. Choose one that only you know.
password-current = Password until now
password-new = New password
password-change = Change it

## Desk
desk-counter = At the counter
desk-search = Search phone or name, scan a slip
desk-hits = People found
desk-previous = previously { $doctor }
desk-seen = last seen { $date }
desk-sex-female = F
desk-sex-male = M
desk-sex-other = X
desk-none-of-these = None of these: register
desk-unknown-slip = This slip is not from here, or is too old. Search by phone or name.
desk-new = New here
desk-name = Name
desk-phone = Phone
desk-register = Register
desk-emergency = Emergency
desk-emergency-name = Emergency
desk-emergency-taken = Emergency: goes before all others
desk-book-emergency = Emergency to { $doctor } and print
desk-source = Source
desk-doctor = Doctor
desk-seat = seat { $n } of { $of }, { $slot }
desk-no-seat = full
desk-full = { $doctor } has no seat left today.
desk-no-hours = { $doctor } has no hours today.
desk-away = { $doctor } is not here at present: choose another doctor.
desk-no-doctors = No doctor is here today. Add doctors and hours in the settings.
desk-next-room = { $date ->
    [""] Next room: { $slot }.
   *[other] Next room: { $date }, { $slot }.
 }
desk-book = Book { $label } and print
desk-book-there = { $date ->
    [""] Book { $slot } and print
   *[other] Book { $date }, { $slot } and print
 }
desk-wait = Put on the waiting list
desk-override = Give a seat all the same
desk-override-why = Why beyond the limit
desk-print-this = Print { $label } again
desk-keys = Keys
desk-close = Close
desk-slip = The slip that is printed
desk-queues = Queues of today
desk-queue = Queue
desk-show = Show
desk-all = All doctors
desk-now = now
desk-nobody = nobody inside
desk-minutes = min
desk-late-until = not before { $time }
desk-on-leave = on leave
desk-counts = { $here } here, { $come } to come
desk-slot-closed = closed
desk-slot-cancelled = does not take place
desk-away-open = Late, leaves …
desk-token = Token
desk-status = Status
desk-time = About
desk-do = Do
desk-empty = nobody waits
desk-check-in = Check in
desk-rejoin = Back into the queue
desk-give-seat = Give the seat
desk-move = Move
desk-cancel = Cancel
desk-print = Print
desk-about = about { $time }
desk-print-again = Print again
desk-undo = Undo (cancel)
desk-cancel-ask = Cancel { $label } of { $name }?
desk-cancel-yes = Yes, cancel
desk-no = No, leave it
desk-move-ask = Move { $label } of { $name }
desk-move-to = Where to
desk-move-before = before
desk-move-behind = behind
desk-move-override = Give a seat beyond the limit
desk-reason = Reason
desk-late = Late
desk-late-minutes = Minutes from now
desk-late-say = Say so
desk-late-none = 0 minutes: not late any more.
desk-leaves = Leaves
desk-from = From
desk-to = Until (the rest of the day if empty)
desk-leave-preview = Show what happens
desk-leave-do = Let it happen
desk-plan-none = Nobody is moved.
desk-plan-counts = Moved: { $moved }. On the waiting list, to be called: { $waiting }.
desk-plan-old = Until now
desk-plan-new = Then
desk-person = Name and phone
desk-save = Save
desk-key-search = to the search
desk-key-choose = choose among those found, take one
desk-key-source = source, once somebody is taken
desk-key-doctor = doctor
desk-key-book = book and print
desk-key-emergency = an emergency nobody knows yet (Esc first while you type)
desk-key-wait = waiting list, when there is no seat
desk-key-back = back, leave it
desk-key-print = print again
desk-key-undo = undo the booking
desk-key-rows = go through the queue
desk-key-in = check in
desk-key-cancel = cancel
desk-key-move = move
desk-key-rejoin = back into the queue
desk-key-seat = give the seat
desk-key-name = name and phone
desk-key-help = this help
desk-scan = A slip's code can be scanned at any time: it checks the token in.

## Rooms (the doctor's console)
room-choose = Whose room?
room-number = Room { $room }
room-now = Now
room-nobody-in = Nobody is called
room-here-since = here since { $time }
room-since = since { $time }
room-rejoined = missed a call before
room-in-order = Called in order.
room-out-of-order = Called out of order: { $why }
room-counts = { $here } here, { $absent } not here yet
room-waitlisted = { $n ->
    [one] { $n } on the waiting list
   *[other] { $n } on the waiting list
  }
room-do-call = Call next
room-do-start = Start
room-do-finish-and-call = Finish and call next
room-do-finish = Finish
room-do-nobody = Nobody to call
room-space = space bar
room-recall = Call again
room-missed = Did not come
room-undo = Undo
room-changed = The queue has just changed. Look, then press again.
room-next-ones = Next
room-nobody-waits = Nobody is waiting.
room-rest = { $n ->
    [one] and one more
   *[other] and { $n } more
  }
room-about = about { $time }
room-is-next = next
room-call-this = Call
room-is-here = Is here
room-is-back = Is back
room-not-before = You have said: not before { $time }. Calling somebody ends that.
room-day-no-slots = There are no hours here today.
room-day-on-leave = On leave. Nobody new gets a token.
room-day-inactive = This doctor does not work here any more.
room-day-left = All hours of today are cancelled.
room-day-over = The hours of today are over.
room-away = Late, break, leave
room-late = Running late
room-late-by = +{ $n } min
room-on-time = On time again
room-break = Break
room-minutes = min
room-break-begin = Begin
room-leave = Leave
room-leave-from = From
room-leave-until = Until
room-leave-note = Left empty: from now, for the rest of the day.
room-leave-why = Why
room-leave-preview = What would happen?
room-leave-now = Leave, and move everybody
room-leave-slots = Hours that do not take place
room-leave-moved = Get another seat
room-leave-waitlisted = Have no seat then: the desk calls them
room-leave-nobody = Nobody has to be moved.
room-leave-to = { $doctor }, room { $room }, { $from }–{ $to }
room-call-title = Call out of order:
room-why-label = Why now?
room-why-note = Those who are passed may ask. A visit in progress is finished.
room-call-now = Call now
room-not = Not now
room-because-unwell = Feels unwell
room-because-child = Small child
room-because-elder = Old or frail
room-because-report = Comes back with a report
room-because-short = Only a short question

## Board
board-title = Board
board-choose = A board for the corridor
board-choose-doctors = Whose tokens? (up to 12)
board-no-doctors = There are no doctors yet.
board-columns = Columns
board-columns-by-itself = as fits best
board-language = First language
board-speaks = It speaks
board-speaks-hi-en = Hindi, then English
board-speaks-en-hi = English, then Hindi
board-speaks-hi = Hindi
board-speaks-en = English
board-banner = What stands below (up to 200 letters)
board-show = Show
board-key-note = On a television that nobody signs in to, open the address with the screen’s key instead.
board-open-title = A board for this screen
board-open-key = The screen’s key
board-open-note = An administrator makes it: in the settings, under keys.
board-open-do = Open the board
board-open-sign-in = I work here: sign in
board-open-wrong = This key opens no board. Look at it again, letter by letter, or ask an administrator for a new one.
board-open-signed-in = You are signed in here. Sign out first, then this browser can become a screen.
board-far = From how far does it read?
board-far-note = The tokens of { $n } doctors, comfortably, on a wide screen.
board-far-screen = Screen
board-far-columns = { $n ->
    [one] 1 column
   *[other] { $n } columns
  }
board-far-metres = { $n } m
board-room = Room
board-clock = Time
board-called = Please go in
board-in_consultation = With the doctor
board-next = Next
board-late = about { $n } min late
board-not-before = not before { $time }
board-on-leave = not here today
board-sound = Turn the sound on
# The languages that it speaks if nobody said otherwise, in this order.
board-voices = en,hi
board-said = Token { $label }, room { $room }

## The patient's own page
own-token = Your number
own-doctor = Doctor
own-room = Room
own-date = Date
own-serving = Now with the doctor
own-about = about { $time }
own-band = between { $from } and { $to }
own-waited = How much of the wait is over
own-ahead = { $n ->
    [0] You are next
    [one] 1 person before you
   *[other] { $n } people before you
  }
own-by-emergency = { $n } { $n ->
    [one] emergency
   *[other] emergencies
  }
own-by-paid_priority = { $n } paid
own-by-follow_up = { $n } follow-up
own-by-walk_in = { $n } walk-in
own-by-online = { $n } online
own-late = about { $n } minutes later than first told
own-early = about { $n } minutes earlier than first told
own-moved = You were given another place. Please look at doctor, room and time below.
own-updated = updated { $time }
own-state-waitlisted = You are on the waiting list
own-more-waitlisted = There is no seat yet. When one becomes free, you get it, and this page says so.
own-state-later = See you on { $date }
own-more-later = Please tell the desk when you have come.
own-state-not-here = You have not checked in yet
own-more-not-here = Please tell the desk that you are here.
own-more-not-here-by = Please tell the desk that you are here, by { $by }. Your seat is kept until then.
own-state-time = There is time: you can go for tea. Be back by { $by }
own-state-come = Come back now
own-more-come = You can be called at any moment.
own-state-turn = It is your turn: room { $room }
own-state-turn-anywhere = It is your turn
own-more-turn = Please go in now.
own-state-inside = You are with the doctor
own-state-missed = You were called, and were not there
own-more-missed = Please come to the desk: you can join the queue again.
own-more-missed-by = Please come to the desk by { $by }: you can join the queue again.
own-state-seen = You have been seen. Thank you
own-more-seen = Get well soon.
own-state-no-show = We did not see you
own-more-no-show = Your place went to somebody else. Please ask at the desk for a new one.
own-state-cancelled = This number was given back
own-more-cancelled = If you would like to come after all, please ask at the desk.
own-why = Why is it so?
own-order-band = Emergencies go first, then paid, follow-up, and all others, each in the order in which they booked. Only people who are here are called.
own-order-target = Emergencies go first. Everybody else goes by how long they have waited; some may wait longer than others, nobody too long. Only people who are here are called.
own-order-fcfs = Who came first goes first. Only people who are here are called.
own-order-strict = The more urgent go first, and among those who are alike, who came first. Only people who are here are called.
own-order-apq = The longer one waits the sooner one goes, and the more urgent faster. Only people who are here are called.
own-story-token_booked = Booked.
own-story-token_waitlisted = Put on the waiting list.
own-story-token_promoted = Got a seat.
own-story-token_became_waitlisted = Put on the waiting list.
own-story-token_became_booked = Booked.
own-story-token_arrived = You checked in.
own-story-token_called = You were called.
own-story-token_started = You went in.
own-story-token_completed = You were seen.
own-story-token_passed = You were called and were not there.
own-story-token_no_show = Your place was given to somebody else.
own-story-token_cancelled = The place was given back.
own-story-token_placed = The desk put you at another place in the queue; ask there why.
own-story-token_recalled = You were called once more.
own-story-token_undone = The last step was taken back.
own-story-token_moved = You were moved to another time.
own-story-token_moved_in = You were moved to { $doctor }.
own-story-token_earlier_agreed = You changed whether you can come earlier.
own-earlier-ask = Can you come earlier, if a place becomes free?
own-earlier-agree = Yes, I can come earlier
own-earlier-yes = You said that you can come earlier. If a place becomes free, your time changes.
own-earlier-stop = No, not any more
own-leave = I can't come
own-leave-title = { $label }: give your place back?
own-leave-words = Somebody who waits gets it. You can't take it back; if you want to come after all, you need a new number.
own-leave-yes = Yes, I can't come
own-leave-no = No, I am coming
own-late-title = This number can't be given back any more
own-late-words = You have been with the doctor, or it was given back already. If something is not right, please tell the desk.
own-to-token = Back to my number
own-over-title = This visit is over
own-over-words = The page of a number is kept until the day after the visit. For a new one, please ask at the desk.

## Slip
slip-moves = Times move. Scan to see yours.

## Kiosk

## Settings

## Report

## Demo
demo-title = Demonstration
demo-bar = Demo
demo-all = all places
demo-speed = { $speed } times as fast
demo-what = A living hospital: six doctors, patients who come, wait and are called, and a clock that you can run faster. Be whoever you like with one click, and whatever you do is seen on all other pages at once.
demo-places = Places
demo-doctors = Doctors: run a room with the space bar
demo-be = Be { $name }
demo-be-reception = Be the reception ({ $name })
demo-report = Reports ({ $name })
demo-admin = Settings
demo-board = The board in the corridor
demo-phone = A patient’s phone
demo-about-phone = Somebody who waits now, and what they see
demo-kiosk = The kiosk
demo-about-kiosk = Check in, or take a token, at the door
demo-docs = The API: every call, to read and to try
demo-hands = When you run a doctor’s room yourself, the doctor leaves it to you for fifteen minutes of the hospital’s clock.

## Problems
# The server's sentences are English and say more; these are what other languages say of each kind of problem. Those with a
# { $value } fit the server's sentence to the letter, and have its values filled in.
problem-body_not_json = What was sent could not be read.
problem-not_signed_in = Sign in first.
problem-sign_in_wrong = Name and password don't go together: try again, or ask an administrator to reset it.
problem-not_allowed = This is for others to do: ask an administrator.
problem-password_change_needed = Somebody else knows your password: change it first.
problem-cross_site = Another site asked for this in your browser, so it was not done.
problem-path_unknown = There is nothing at this address.
problem-facility_unknown = There is no such facility.
problem-doctor_unknown = There is no such doctor.
problem-patient_unknown = There is no such patient.
problem-slot_unknown = There is no such slot.
problem-token_unknown = There is no such token.
problem-schedule_unknown = There is no such line in a schedule.
problem-user_unknown = There is no such user.
problem-key_unknown = There is no such key.
problem-method_unknown = This address does not take this.
problem-request_too_slow = It took too long to arrive: send it again.
problem-no_seat = There is no seat: choose another slot or doctor, or keep the patient on the waiting list.
problem-no_seat-next = There is no seat on { $date }; next room: { $room }.
problem-no_slots = The doctor has no slots on that date: choose another date, or add slots.
problem-slot_over = The slot is over: choose a later one.
problem-slot_over-which = The slot { $window } is over: choose a later one.
problem-slot_not_open = The slot takes no bookings: choose another one.
problem-doctor_away = The doctor sees nobody at present: choose another doctor.
problem-patient_not_active = This patient's record is not in use: make it active before booking.
problem-already_booked = The patient has a token already.
problem-already_booked-number = The patient already has token { $number } with this doctor on that date.
problem-status_impossible = The token can't become that now.
problem-token_not_waiting = The token does not wait: choose one that waits.
problem-emergencies_first = Emergencies go before all others: choose a place that keeps them first.
problem-slots_overlap = The slot overlaps another one: choose other hours.
problem-seats_taken = More seats are taken than that: ask for the last ones to be moved on, or keep more.
problem-slot_holds_patients = The slot holds patients: ask for them to be moved on, or close the slot instead.
problem-taken = Something that must be unique is taken: choose another.
problem-limit_reached = A limit is reached.
problem-visit_in_progress = A visit is in progress: finish it first.
problem-visit_in_progress-number = Token { $number } is with the doctor: finish that visit first, or ask for it to be finished.
problem-another_is_called = Somebody else has been called: start that visit or mark it as not come, then call another one.
problem-another_is_called-number = Token { $number } has been called: start that visit or mark it as not come, then call another one.
problem-nobody_to_call = Nobody who waits is here: check in whoever has come.
problem-nobody_to_call-empty = Nobody can be called: nobody waits.
problem-not_here = The patient is not here: check in first.
problem-not_here-number = Token { $number } is not here: check it in first.
problem-not_yet = The day is still to come: patients are called on the day itself.
problem-nothing_to_undo = There is no step to take back.
problem-seat_given_away = The seat went to somebody else: book the patient again.
problem-nothing_to_leave = No slot of the doctor lies in that time: nothing is to be cancelled.
problem-same_slot = It sits in that slot already: choose another one.
problem-clock_not_set = The clock can't be put there.
problem-last_admin = Somebody must be able to run this: keep one administrator.
problem-patient_erased = The patient was erased.
problem-patient_has_token = The patient still has a token.
problem-queue_changed = The queue has just changed: look again, then do it.
problem-body_too_large = That is too much at once.
problem-body_not_typed = What was sent could not be read.
problem-host_unknown = This server does not answer for that address.
problem-field_wrong = Something is not as it should be: check what you typed.
problem-date_over = The date has passed: choose today or later.
problem-emergency_is_today = An emergency is seen today: book it for today, or use another source.
problem-key_reused = The same request was sent with something else in it: do it again.
problem-reason_missing = Say why.
problem-password_weak = The password is too easy to guess: take a longer one, or some words that don't belong together.
problem-sign_in_too_often = There were too many attempts to sign in: wait a little and try again.
problem-sign_in_too_often-wait = There were too many attempts to sign in: wait { $seconds } seconds and try again.
problem-too_many_requests = That was too much at once: wait a moment.
problem-defect = Something went wrong here: nothing was changed. Ask the people who run this.
problem-busy = Many want something at once: try again in a moment.
problem-printer_unavailable = The printer does not answer: see whether it is on and has paper, then print again.
problem-store_unavailable = The database can't be reached: try again in a moment.

## Reasons
# The engine says these sentences in English; what stands here must fit them to the letter (a test compares).
reason-slot_full = { $window } is full ({ $count } of { $limit }).
reason-slot_over = { $window } is over.
reason-slot_not_open = { $window } is { $status }.
reason-seat_taken = Seat { $count } of { $limit } in { $window }.
reason-buffer_used = Seat { $count } of { $limit } in { $window }, from the buffer kept for emergencies.
reason-overridden = A supervisor gave a seat in { $window }: { $why }
reason-follow_up_elsewhere = No previous visit to this doctor is known, so this counts as a walk-in (band { $band }).
reason-numbered = { $source } goes in band { $band }: number { $sequence }.
reason-present_at_once = Counts as here.
reason-must_check_in = Must check in on arrival.
reason-present_from_start = Counts as here from { $time }.
reason-ahead = { $count } before.
reason-ahead-none = Nobody goes before.
reason-ahead-emergencies = { $count } before, { $emergencies } of them emergencies.
reason-waitlisted = Kept on the waiting list, { $before } before.
reason-became = Was { $was }, is { $is }.
reason-unchanged = Is { $is } already.
reason-seat_freed = A seat in { $window } became free.
reason-from_waitlist = Was next on the waiting list when a seat in { $window } became free.
reason-placed_by_hand = Put behind token { $number } by hand: { $why }
reason-placed_by_hand-first = Put first by hand: { $why }
reason-rejoined = Came back after a missed call; stands behind { $people }.
reason-rejoins_used_up = Has missed the call again after rejoining { $times } times.
reason-rejoins_used_up-never = Has missed the call; nobody is called a second time here.
reason-rejoins_used_up-once = Has missed the call again after rejoining once.
reason-made_room = Number { $old } became { $new } to make room; the order stays.
reason-stepped_back = Stands a moment later to make room; the order of the others stays.
reason-next_in_order = Next in order (by the policy { $policy }).
reason-next_in_order-absent = Next of those who are here (by the policy { $policy }); not here yet: { $people }.
reason-called_out_of_order = Called out of order, ahead of { $people }: { $why }
reason-called_already = Has been called already.
reason-called_again = Called once more; the time to come starts anew.
reason-taken_back = Taken back: was { $was }, is { $is } again.
reason-grace_over = Did not come within { $minutes } min of the call.
reason-slot_ended = { $window } has ended, and the patient did not come.
reason-nothing_due = Nothing is due yet.
reason-running_late = The doctor is { $minutes } min late.
reason-running_late-why = The doctor is { $minutes } min late: { $why }
reason-on_time_again = The doctor is not late any more.
reason-doctor_leaves = The doctor leaves.
reason-doctor_leaves-why = The doctor leaves: { $why }
reason-moved = Moved to { $to }: { $cause }
reason-moved-from = Moved from { $old } to { $to }: { $cause }
reason-other_doctor = Its number there is { $to }; until now it was { $old }.
reason-keeps_seniority = Goes before token { $before }, which was promised a later time.
reason-no_room_left = No other seat was left, so it waits for one, and the desk will call. Why: { $cause }
reason-earlier_agreed = Agrees to come earlier.
reason-earlier_agreed-no = No longer agrees to come earlier.
reason-slot_limits = { $window }: { $max_count } seats, { $hard_limit } with the emergency buffer, { $status }.
cause-doctor_leaves = the doctor leaves.
cause-slot_cancelled = the slot does not take place.
cause-fewer_seats = the slot has fewer seats now.
cause-displaced = somebody more urgent (band { $band }) needed the seat.
cause-came_forward = a seat became free, and the patient had agreed to come earlier.
cause-by_hand = by hand.
policy-band = band
policy-target = target
policy-fcfs = fcfs
policy-strict = strict
policy-apq = apq
slot-open = open
slot-closed = closed
slot-cancelled = cancelled
