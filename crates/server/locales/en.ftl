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

## Slip

## Kiosk

## Settings

## Report

## Demo

## Problems

## Reasons
