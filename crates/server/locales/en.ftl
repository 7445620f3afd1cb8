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
room-next = Call next

## Board

## The patient's own page

## Slip

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

## Reasons
