//! The table: what each role may do. There is no other place that says so.

use baari_store::Role;

/// How far somebody's leave to do something goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Not at all.
    No,
    /// With the doctors that they work for.
    Own,
    /// In the whole facility.
    All,
}

/// How it is told which doctor a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// It is about no doctor: nobody's reach may be [`Reach::Own`].
    None,
    /// The address names the doctor.
    Doctor,
    /// The address names a token; the doctor is whose it is now.
    Token,
    /// The address names a patient, who has or had a token with the doctor.
    Patient,
    /// The address names the doctors of a board, all of which must be one's own.
    Board,
    /// The query names the doctor (`doctor_id`).
    Query,
}

struct Row {
    name: &'static str,
    subject: Subject,
    /// By the order of [`Role::ALL`].
    roles: [Reach; 4],
    /// Whether a key may have it among its scopes.
    key: bool,
    /// Whether anybody may do it, without saying who they are.
    anybody: bool,
}

macro_rules! table {
    (@reach all) => { Reach::All };
    (@reach own) => { Reach::Own };
    (@reach no) => { Reach::No };
    (@key key) => { true };
    (@key no) => { false };
    (@anybody anybody) => { true };
    (@anybody no) => { false };
    ($($(#[$doc:meta])* $action:ident $name:literal $subject:ident
        $admin:ident $supervisor:ident $reception:ident $doctor:ident $key:ident $anybody:ident;)+) => {
        /// Something that can be asked for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action {
            $($(#[$doc])* $action,)+
        }

        impl Action {
            /// All of them, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$action),+];

            const fn row(self) -> Row {
                match self {
                    $(Self::$action => Row {
                        name: $name,
                        subject: Subject::$subject,
                        roles: [table!(@reach $admin), table!(@reach $supervisor), table!(@reach $reception), table!(@reach $doctor)],
                        key: table!(@key $key),
                        anybody: table!(@anybody $anybody),
                    },)+
                }
            }
        }
    };
}

table! {
    //                                                  admin super- recep- doctor key  anybody
    //                                                        visor  tion
    /// Sign in.
    SessionOpen     "session_open"     None     all   all    all    all    no   anybody;
    /// See and end one's own sessions, change one's own password.
    SessionOwn      "session_own"      None     all   all    all    all    no   no;
    /// Follow one's own token, by the code of its page.
    OwnPage         "own_page"         None     all   all    all    all    no   anybody;
    /// Follow a board: labels only.
    BoardRead       "board_read"       Board    all   all    all    own    key  no;

    /// Show a kiosk, at which people give themselves a number.
    KioskUse        "kiosk_use"        None     all   all    all    no     key  no;
    /// Book a token.
    TokenBook       "token_book"       None     all   all    all    no     key  no;
    /// Give a seat beyond a slot's limits.
    SeatOverride    "seat_override"    None     all   all    no     no     no   no;
    /// List tokens.
    TokenList       "token_list"       Query    all   all    all    own    key  no;
    /// Read a token and its story.
    TokenRead       "token_read"       Token    all   all    all    own    key  no;
    /// Change a token's status or place.
    TokenChange     "token_change"     Token    all   all    all    own    key  no;
    /// Print a token's slip on a printer of the network.
    TokenPrint      "token_print"      Token    all   all    all    no     key  no;
    /// See who waits for a seat.
    WaitlistRead    "waitlist_read"    Query    all   all    all    own    key  no;

    /// Read and follow a doctor's queue.
    QueueRead       "queue_read"       Doctor   all   all    all    own    key  no;
    /// Call, undo, say that the doctor is late.
    RoomRun         "room_run"         Doctor   all   all    all    own    key  no;
    /// Let a doctor leave: everybody is moved.
    DoctorLeave     "doctor_leave"     Doctor   all   all    all    own    no   no;

    /// Find patients by name or phone.
    PatientFind     "patient_find"     None     all   all    all    no     key  no;
    /// Read a patient's record.
    PatientRead     "patient_read"     Patient  all   all    all    own    key  no;
    /// Add and change patients.
    PatientChange   "patient_change"   None     all   all    all    no     key  no;
    /// Take away all that is kept of a patient.
    PatientExport   "patient_export"   None     all   all    no     no     no   no;
    /// Erase a patient.
    PatientErase    "patient_erase"    None     all   no     no     no     no   no;

    /// List doctors.
    DoctorList      "doctor_list"      None     all   all    all    all    key  no;
    /// Add and change doctors.
    DoctorChange    "doctor_change"    None     all   no     no     no     no   no;
    /// Read slots.
    SlotRead        "slot_read"        None     all   all    all    all    key  no;
    /// Add and change slots.
    SlotChange      "slot_change"      None     all   all    no     no     key  no;
    /// Read schedules.
    ScheduleRead    "schedule_read"    None     all   all    all    all    key  no;
    /// Change schedules.
    ScheduleChange  "schedule_change"  None     all   all    no     no     key  no;

    /// Read the settings and the clock.
    SettingRead     "setting_read"     None     all   all    all    all    key  no;
    /// Change the settings.
    SettingChange   "setting_change"   None     all   no     no     no     no   no;
    /// Put the clock forward: an open server only, where nobody signs in.
    ClockSet        "clock_set"        None     no    no     no     no     no   no;
    /// Read the feed of all events.
    FeedRead        "feed_read"        None     all   all    no     no     key  no;
    /// Read how days went, in figures.
    ReportRead      "report_read"      None     all   all    no     no     key  no;
    /// Read the metrics.
    MetricsRead     "metrics_read"     None     all   all    no     no     key  no;

    /// Add, change and disable users, reset their passwords.
    UserManage      "user_manage"      None     all   no     no     no     no   no;
    /// Make and revoke keys.
    KeyManage       "key_manage"       None     all   no     no     no     no   no;
    /// Search the audit trail.
    AuditRead       "audit_read"       None     all   no     no     no     no   no;
    /// Take the audit trail away.
    AuditExport     "audit_export"     None     all   no     no     no     no   no;
}

impl Action {
    /// What the key of a kiosk is for: these, all of them, and nothing else. It finds and reads nobody's record.
    pub const KIOSK: [Self; 5] =
        [Self::KioskUse, Self::TokenBook, Self::TokenChange, Self::TokenPrint, Self::TokenRead];

    /// Its stable name, also that of the scope of a key.
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The action with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.name() == name)
    }

    /// How far this role may do it.
    pub const fn reach(self, role: Role) -> Reach {
        let [admin, supervisor, reception, doctor] = self.row().roles;
        match role {
            Role::Admin => admin,
            Role::Supervisor => supervisor,
            Role::Reception => reception,
            Role::Doctor => doctor,
        }
    }

    /// Whether a key may have it among its scopes.
    pub const fn is_for_keys(self) -> bool {
        self.row().key
    }

    /// Whether anybody may do it, without saying who they are.
    pub const fn is_for_anybody(self) -> bool {
        self.row().anybody
    }

    /// How it is told which doctor a request is about.
    pub const fn subject(self) -> Subject {
        self.row().subject
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_given_once() {
        let names: HashSet<&str> = Action::ALL.iter().map(|action| action.name()).collect();
        assert_eq!(names.len(), Action::ALL.len());
        assert!(Action::ALL.iter().all(|action| Action::named(action.name()) == Some(*action)));
        assert!(Action::ALL.len() <= 64, "a set of actions is 64 bits");
    }

    #[test]
    fn who_is_limited_to_some_doctors_asks_about_one() {
        for action in Action::ALL {
            let own = Role::ALL.iter().any(|role| action.reach(*role) == Reach::Own);
            assert!(!own || action.subject() != Subject::None, "{}", action.name());
        }
    }

    /// An action's row in docs/security.md, as far as the table says it.
    fn row(action: Action) -> String {
        let anybody = if action.is_for_anybody() { " *" } else { "" };
        let mut row = format!("| `{}`{anybody} |", action.name());
        for role in Role::ALL {
            row.push_str(match action.reach(role) {
                Reach::All => " all |",
                Reach::Own => " own |",
                Reach::No => " |",
            });
        }
        row.push_str(if action.is_for_keys() { " yes |" } else { " |" });
        row
    }

    #[test]
    fn the_documentation_says_what_the_table_says() {
        let document = include_str!("../../../docs/security.md");
        let (_, section) = document.split_once("\n## Who may do what\n").expect("the section of the table");
        let section = section.split("\n## ").next().unwrap_or_default();
        let mut lines = section.lines().filter(|line| line.starts_with('|'));
        let head = lines.next().unwrap_or_default();
        let roles: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
        assert!(head.starts_with(&format!("| action | {} | key |", roles.join(" | "))), "{head}");
        let lines: Vec<&str> = lines.skip(1).collect();
        for (line, action) in lines.iter().zip(Action::ALL) {
            assert!(
                line.starts_with(&row(*action)),
                "docs/security.md must have a row {} here, not {line}",
                row(*action)
            );
        }
        assert_eq!(
            lines.len(),
            Action::ALL.len(),
            "docs/security.md has a row for each action, in the table's order"
        );
    }

    #[test]
    fn a_key_may_have_all_that_a_kiosk_needs() {
        assert!(Action::KIOSK.iter().all(|action| action.is_for_keys()));
    }

    #[test]
    fn an_admin_may_all_but_put_the_clock_forward() {
        for action in Action::ALL.iter().filter(|action| **action != Action::ClockSet) {
            assert_eq!(action.reach(Role::Admin), Reach::All, "{}", action.name());
        }
    }

    #[test]
    fn nobody_below_may_more_than_who_is_above() {
        let rank = |reach| [Reach::No, Reach::Own, Reach::All].iter().position(|known| *known == reach);
        for action in Action::ALL {
            let ranks: Vec<_> = Role::ALL.iter().map(|role| rank(action.reach(*role))).collect();
            assert!(ranks.windows(2).all(|pair| pair[0] >= pair[1]), "{}", action.name());
        }
    }

    #[test]
    fn a_key_is_never_given_what_gives_more_rights_or_takes_records_away() {
        use Action::{
            AuditExport, AuditRead, KeyManage, PatientErase, PatientExport, SeatOverride, SessionOwn,
            UserManage,
        };
        for action in [
            AuditExport,
            AuditRead,
            KeyManage,
            PatientErase,
            PatientExport,
            SeatOverride,
            SessionOwn,
            UserManage,
        ] {
            assert!(!action.is_for_keys(), "{}", action.name());
        }
    }
}
