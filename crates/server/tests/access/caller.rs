//! Everybody who can ask, and what the table says that they get.

use baari_access::{Action, Reach, Subject};
use baari_store::Role;
use jiff::SignedDuration;

use crate::document::Myself;
use crate::server::Answer;
use crate::world::{World, session, user};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Says nothing of who they are.
    Nobody,
    /// Shows something that opens nothing.
    Garbage,
    /// Shows a session of an administrator that began too long ago.
    Over,
    /// Shows a session of an administrator who is not to come in any more.
    Disabled,
    /// Shows a key that was taken back, with all scopes.
    Revoked,
    /// Shows a key whose time is over, with all scopes.
    Expired,
    /// Works as this.
    Works(Role),
    /// Is an administrator, and must change their password first.
    MustChange,
    /// Shows a key with what is asked for as its scope.
    Scoped,
    /// Shows a key with what is asked for as its scope, for one doctor.
    ScopedToOwn,
    /// Shows a key with every other scope.
    OtherwiseScoped,
    /// Shows the key of a board.
    Display,
    /// Is an administrator of another facility.
    Elsewhere,
}

/// What they get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// 401: they have not shown who they are.
    NotSignedIn,
    /// 403, as this problem.
    Refused(&'static str),
    /// They are let in; what then becomes of it is another matter.
    LetIn,
}

impl Expected {
    pub(crate) fn check(self, answer: &Answer, said: &str) {
        let told = (answer.status.as_u16(), &*answer.problem());
        match self {
            Self::NotSignedIn => assert_eq!(told, (401, "not_signed_in"), "{said}"),
            Self::Refused(code) => assert_eq!(told, (403, code), "{said}"),
            Self::LetIn => assert!(![401, 403].contains(&told.0), "{said}"),
        }
    }
}

/// A scope that no action has the name of does not matter; those that are not for keys must not.
fn scopes(with: impl Fn(Action) -> bool) -> Vec<&'static str> {
    Action::ALL.iter().filter(|action| with(**action)).map(|action| action.name()).collect()
}

impl Caller {
    pub(crate) const ALL: &[Self] = &[
        Self::Nobody,
        Self::Garbage,
        Self::Over,
        Self::Disabled,
        Self::Revoked,
        Self::Expired,
        Self::MustChange,
        Self::OtherwiseScoped,
        Self::Display,
        Self::Elsewhere,
        Self::Works(Role::Doctor),
        Self::Works(Role::Reception),
        Self::Works(Role::Supervisor),
        Self::Scoped,
        Self::ScopedToOwn,
        Self::Works(Role::Admin),
    ];

    /// What the table says of this, asked about what belongs to the caller's own doctor or not.
    pub(crate) fn expected(self, action: Action, own: bool) -> Expected {
        let refused = Expected::Refused("not_allowed");
        let reach = match self {
            _ if action.is_for_anybody() => return Expected::LetIn,
            Self::Nobody | Self::Garbage | Self::Over | Self::Disabled | Self::Revoked | Self::Expired => {
                return Expected::NotSignedIn;
            }
            Self::MustChange if action != Action::SessionOwn => {
                return Expected::Refused("password_change_needed");
            }
            Self::MustChange | Self::Elsewhere => action.reach(Role::Admin),
            Self::Works(role) => action.reach(role),
            Self::OtherwiseScoped => Reach::No,
            Self::Display if action == Action::BoardRead => Reach::Own,
            Self::Display => Reach::No,
            Self::Scoped | Self::ScopedToOwn if !action.is_for_keys() => Reach::No,
            Self::Scoped => Reach::All,
            Self::ScopedToOwn => match (action, action.subject()) {
                (Action::DoctorList | Action::SettingRead, _) => Reach::All,
                (_, Subject::None) => Reach::No,
                _ => Reach::Own,
            },
        };
        match reach {
            Reach::All => Expected::LetIn,
            Reach::Own if own => Expected::LetIn,
            Reach::Own | Reach::No => refused,
        }
    }

    /// The headers by which this caller, made for this request, shows who they are.
    pub(crate) async fn headers(
        self,
        world: &World<'_>,
        action: Action,
    ) -> (Vec<(&'static str, String)>, Myself) {
        let World { server, facility, .. } = *world;
        let now = server.desk.now();
        let mut me = Myself { facility: world.slug, name: String::new() };
        let mut person = async |role, then, must_change, active| {
            let doctor = (role == Role::Doctor).then(|| world.own_doctor());
            let user = user(server, facility, role, |user| {
                (user.doctor, user.must_change, user.active) = (doctor, must_change, active);
            });
            let user = user.await;
            let shown = session(server, facility, user.id, then).await;
            if active {
                me.name = user.name;
            }
            by_cookie(&shown)
        };
        let own = [world.own_doctor()];
        let all = scopes(|_| true);
        let headers = match self {
            Self::Nobody => Vec::new(),
            Self::Garbage => by_key(&format!("baari_k_{}", "A".repeat(64))),
            Self::Over => person(Role::Admin, now - SignedDuration::from_hours(13), false, true).await,
            Self::Disabled => person(Role::Admin, now, false, false).await,
            Self::Works(role) => person(role, now, false, true).await,
            Self::MustChange => person(Role::Admin, now, true, true).await,
            Self::Revoked => by_key(&world.key(&all, &[], |key| key.revoked_at = Some(now)).await),
            Self::Expired => by_key(&world.key(&all, &[], |key| key.expires_at = now).await),
            Self::Scoped => by_key(&world.key(&[action.name()], &[], |_| {}).await),
            Self::ScopedToOwn => by_key(&world.key(&[action.name()], &own, |_| {}).await),
            Self::OtherwiseScoped => by_key(&world.key(&scopes(|other| other != action), &[], |_| {}).await),
            Self::Display => by_key(&world.key(&["board_read"], &own, |_| {}).await),
            Self::Elsewhere => unreachable!("is of another world"),
        };
        if me.name.is_empty() {
            // Who can't sign in sends the form of somebody who can.
            me.name = user(server, facility, Role::Reception, |_| {}).await.name;
        }
        (headers, me)
    }
}

/// As a browser shows it that was asked by a page of ours.
pub(crate) fn by_cookie(session: &str) -> Vec<(&'static str, String)> {
    vec![("cookie", format!("other=1; __Host-baari={session}")), ("sec-fetch-site", "same-origin".to_owned())]
}

/// As a program shows it.
pub(crate) fn by_key(key: &str) -> Vec<(&'static str, String)> {
    vec![("authorization", format!("Bearer {key}"))]
}
