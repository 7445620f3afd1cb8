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
desk-next-room = Next room: { $slot }.
desk-next-room-on = Next room: { $date }, { $slot }.
desk-book = Book { $label } and print
desk-book-there = Book { $slot } and print
desk-book-there-on = Book { $date }, { $slot } and print
desk-wait = Put on the waiting list
desk-override = Give a seat all the same
desk-override-why = Why beyond the limit
desk-has = There is a token already: { $label } with { $doctor }.
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
room-next = Call next

## Board

## The patient's own page

## Slip

## Kiosk

## Settings

## Report

## Demo

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
