//! Places by hand and by rejoin: whoever is put somewhere stands there, and the order of the others stays.

use baari_engine::{Beside, Command, Decision, PolicyKind, Source, Status, Token, TokenId};

use super::ledger::Ledger;
use super::order::{is_here, line};
use super::{Audit, Check, Found};

/// The line as it must be; none when nobody is put anywhere.
pub(super) fn expected(audit: &Audit<'_>, ledger: &Ledger, decision: &Decision) -> Option<Vec<TokenId>> {
    if decision.events.is_empty() {
        return None;
    }
    let (subject, place): (TokenId, Option<Beside>) = match &audit.step.command {
        Command::Place(place) => (place.token, Some(place.beside)),
        Command::SetStatus(change) => {
            let before = ledger.token(change.token).filter(|before| before.status == Status::Passed)?;
            let row = decision.tokens.iter().find(|row| row.id == before.id);
            row.filter(|row| row.status == Status::Arrived)?;
            (change.token, None)
        }
        _ => return None,
    };
    let subject = ledger.token(subject)?;
    let mut others = line(audit.settings, ledger, audit.step.now);
    let held = others.iter().position(|other| other.id == subject.id)?;
    others.retain(|other| other.id != subject.id);
    let beside = |id: TokenId| others.iter().position(|other| other.id == id);
    let at = match place {
        Some(Beside::Before(anchor)) => beside(anchor)?,
        Some(Beside::Behind(anchor)) => beside(anchor)? + 1,
        None => rejoins_at(audit, ledger, subject, &others).max(held),
    };
    let mut ids: Vec<TokenId> = others.iter().map(|other| other.id).collect();
    ids.insert(at, subject.id);
    Some(ids)
}

/// Behind the next few who are here, never before an emergency where those go first.
fn rejoins_at(audit: &Audit<'_>, ledger: &Ledger, subject: &Token, others: &[&Token]) -> usize {
    let emergency = |token: &Token| token.source == Source::Emergency;
    let first_ones = matches!(audit.settings.policy, PolicyKind::Band | PolicyKind::Target);
    let own_kind =
        others.iter().take_while(|other| !first_ones || !emergency(subject) || emergency(other)).count();
    let here = others[..own_kind].iter().enumerate().filter(|(_, other)| is_here(audit, ledger, other));
    let next = here.take(usize::from(audit.settings.rejoin_behind)).last().map_or(0, |(at, _)| at + 1);
    if !first_ones || emergency(subject) {
        return next;
    }
    let behind_emergencies = others.iter().rposition(|other| emergency(other)).map_or(0, |last| last + 1);
    next.max(behind_emergencies)
}

/// The line is as it must be.
pub(super) fn stand(
    audit: &Audit<'_>,
    ledger: &Ledger,
    expected: Option<Vec<TokenId>>,
    found: &mut Found<'_>,
) {
    let Some(expected) = expected else { return };
    let is: Vec<TokenId> =
        line(audit.settings, ledger, audit.step.now).iter().map(|token| token.id).collect();
    if is != expected {
        let number = |id: &TokenId| ledger.token(*id).map_or(0, |token| token.token_no);
        let (is, should): (Vec<u32>, Vec<u32>) =
            (is.iter().map(number).collect(), expected.iter().map(number).collect());
        found(Check::Place, format!("the order is {is:?}, and should be {should:?}"));
    }
}
