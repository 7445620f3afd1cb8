//! What is made with the server's own secret. The secret is in a file of its own, not in the database: whoever has the database
//! alone can make none of this.

use std::fmt;

use aes::Aes256;
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use baari_engine::{FacilityId, TokenId};
use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use uuid::Uuid;

const NONCE_BYTES: usize = 12;
/// Accounts that a browser is remembered for.
const BROWSER_ACCOUNTS: usize = 8;
/// Nonce, until when; the accounts follow, and a MAC.
const BROWSER_HEAD: usize = 16 + 8;
const MAC_BYTES: usize = 32;

/// The server's own secret: 32 random bytes.
#[derive(Clone)]
pub struct Secret([u8; 32]);

/// One browser, for one account that was signed in to from it before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Device {
    /// Whose account: a digest of facility and name.
    pub account: [u8; 32],
    /// Tells this browser from others.
    pub nonce: [u8; 16],
}

/// A browser, and the accounts that were signed in to from it: several people work at one desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Browser {
    nonce: [u8; 16],
    /// The latest first.
    accounts: Vec<[u8; 32]>,
}

impl Browser {
    /// One that nobody has signed in from yet.
    pub const fn new(random: [u8; 16]) -> Self {
        Self { nonce: random, accounts: Vec::new() }
    }

    /// With this account as the latest; the one that was not used for longest is forgotten when there are too many.
    #[must_use]
    pub fn with(mut self, account: [u8; 32]) -> Self {
        self.accounts.retain(|known| *known != account);
        self.accounts.insert(0, account);
        self.accounts.truncate(BROWSER_ACCOUNTS);
        self
    }

    /// What counts the attempts on this account from here; none if nobody has signed in to it from here.
    pub fn device(&self, account: [u8; 32]) -> Option<Device> {
        self.accounts.contains(&account).then_some(Device { account, nonce: self.nonce })
    }
}

impl Secret {
    /// Of 32 random bytes.
    pub const fn from_random(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// Reads one as [`Secret::reveal`] writes it.
    pub fn parse(text: &str) -> Option<Self> {
        BASE64URL_NOPAD.decode(text.trim().as_bytes()).ok()?.try_into().ok().map(Self)
    }

    /// For the file that holds it.
    pub fn reveal(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }

    /// Tells whether a facility's codes were made with this secret, and gives nothing of it away.
    pub fn seal(&self, facility: FacilityId) -> [u8; 32] {
        self.derive("seal", &[facility.as_uuid().as_bytes()])
    }

    /// An account, whether there is one or not: what attempts to sign in to it are counted by.
    pub fn account(&self, facility: &str, name: &str) -> [u8; 32] {
        self.derive("account", &[facility.as_bytes(), name.as_bytes()])
    }

    /// What makes and reads the codes of a facility's pages.
    pub fn codes(&self, facility: FacilityId) -> Codes {
        let (cipher, tag) = ("code", "code tag");
        let id = facility.as_uuid();
        let tag: [u8; 32] = self.derive(tag, &[id.as_bytes()]);
        let key = self.derive(cipher, &[id.as_bytes()]);
        Codes { cipher: Aes256::new(&key.into()), tag: [tag[0], tag[1], tag[2], tag[3]] }
    }

    /// Encrypts an answer that is kept for a repeated request: it holds what the database must not. Each `name` has a key of its
    /// own, so that random nonces can't meet.
    pub fn close(
        &self,
        facility: FacilityId,
        name: &str,
        answer: &[u8],
        random: [u8; NONCE_BYTES],
    ) -> Vec<u8> {
        let payload = Payload { msg: answer, aad: name.as_bytes() };
        let sealed = self.answer_cipher(facility, name).encrypt(&Nonce::from(random), payload);
        let sealed = sealed.expect("an answer is shorter than what AES-GCM can encrypt");
        [&random[..], &sealed].concat()
    }

    /// The answer again; none if it was closed with another secret or under another name.
    pub fn open(&self, facility: FacilityId, name: &str, closed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = closed.split_at_checked(NONCE_BYTES)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
        let payload = Payload { msg: sealed, aad: name.as_bytes() };
        self.answer_cipher(facility, name).decrypt(&Nonce::from(nonce), payload).ok()
    }

    fn answer_cipher(&self, facility: FacilityId, name: &str) -> Aes256Gcm {
        let key = self.derive("answer", &[facility.as_uuid().as_bytes(), name.as_bytes()]);
        Aes256Gcm::new(&key.into())
    }

    /// What a browser keeps, to show later who has signed in from it.
    pub fn browser(&self, browser: &Browser, until: Timestamp) -> String {
        let mut bytes = Vec::with_capacity(BROWSER_HEAD + 32 * browser.accounts.len() + MAC_BYTES);
        bytes.extend_from_slice(&browser.nonce);
        bytes.extend_from_slice(&until.as_second().to_be_bytes());
        browser.accounts.iter().for_each(|account| bytes.extend_from_slice(account));
        bytes.extend_from_slice(&self.mac("browser", &[&bytes]).finalize().into_bytes());
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// The browser that this is, if we have said so, and not too long ago.
    pub fn known_browser(&self, text: &str, now: Timestamp) -> Option<Browser> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (said, mac) = bytes.split_at_checked(bytes.len().checked_sub(MAC_BYTES)?)?;
        self.mac("browser", &[said]).verify_slice(mac).ok()?;
        let (head, accounts) = said.split_at_checked(BROWSER_HEAD)?;
        let until = i64::from_be_bytes(head[16..].try_into().ok()?);
        let accounts = accounts.chunks_exact(32).filter_map(|account| account.try_into().ok()).collect();
        (now.as_second() < until).then_some(Browser { nonce: head[..16].try_into().ok()?, accounts })
    }

    fn derive(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        self.mac(purpose, parts).finalize().into_bytes().into()
    }

    /// Each part with its length before it: no two lists of parts are the same bytes.
    fn mac(&self, purpose: &str, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        for part in std::iter::once(&purpose.as_bytes()).chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Makes and reads the codes of one facility's pages. A code is the token's identifier, encrypted, behind four bytes that tell
/// the facility: it is kept nowhere, and without the secret it is as good as 128 random bits.
#[derive(Clone)]
pub struct Codes {
    cipher: Aes256,
    tag: [u8; 4],
}

impl Codes {
    /// What tells this facility in its codes.
    pub const fn tag(&self) -> [u8; 4] {
        self.tag
    }

    /// The code of a token's page: 32 small letters and digits.
    pub fn code(&self, token: TokenId) -> String {
        let mut block = token.as_uuid().into_bytes().into();
        self.cipher.encrypt_block(&mut block);
        let mut bytes = [0; 20];
        bytes[..4].copy_from_slice(&self.tag);
        bytes[4..].copy_from_slice(&block);
        let mut code = BASE32_NOPAD.encode(&bytes);
        code.make_ascii_lowercase();
        code
    }

    /// The token that a code would be of; whether there is such a token, the database knows.
    pub fn token(&self, code: &str) -> Option<TokenId> {
        let bytes = bytes(code)?;
        let block: [u8; 16] = bytes[4..].try_into().ok()?;
        let mut block = block.into();
        self.cipher.decrypt_block(&mut block);
        let id = Uuid::from_bytes(block.into());
        (bytes[..4] == self.tag && id.get_version_num() == 7).then_some(TokenId::from_uuid(id))
    }
}

impl fmt::Debug for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Codes")
    }
}

/// What tells the facility in a code; none if it is no code.
pub fn tag_of(code: &str) -> Option<[u8; 4]> {
    bytes(code)?[..4].try_into().ok()
}

fn bytes(code: &str) -> Option<[u8; 20]> {
    if code.len() != 32 {
        return None;
    }
    BASE32_NOPAD.decode(code.to_ascii_uppercase().as_bytes()).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: Secret = Secret::from_random([3; 32]);
    const OTHER: Secret = Secret::from_random([4; 32]);

    fn facility(n: u128) -> FacilityId {
        FacilityId::from_uuid(Uuid::from_u128(n))
    }

    fn token(n: u128) -> TokenId {
        TokenId::from_uuid(Uuid::from_u128(0x0194_0c5e_7a00_7000_8000_0000_0000_0000 + n))
    }

    #[test]
    fn a_code_is_of_one_token_in_one_facility() {
        let codes = SECRET.codes(facility(1));
        let (one, two) = (codes.code(token(1)), codes.code(token(2)));
        assert_eq!((one.len(), codes.token(&one), codes.token(&two)), (32, Some(token(1)), Some(token(2))));
        assert_eq!(codes.token(&one.to_uppercase()), Some(token(1)), "scanners and people change the case");
        assert_eq!(tag_of(&one), Some(codes.tag()));
        for elsewhere in [SECRET.codes(facility(2)), OTHER.codes(facility(1))] {
            assert_ne!(elsewhere.code(token(1)), one);
            assert_eq!(elsewhere.token(&one), None);
        }
        let changed = |at: usize| {
            let other = if &one[at..=at] == "a" { "b" } else { "a" };
            format!("{}{other}{}", &one[..at], &one[at + 1..])
        };
        assert!((0..32).all(|at| codes.token(&changed(at)) != Some(token(1))));
        for wrong in ["", "a", "0000000000000000000000000000000!", "é".repeat(16).as_str()] {
            assert_eq!((codes.token(wrong), tag_of(wrong)), (None, None), "{wrong}");
        }
    }

    #[test]
    fn a_kept_answer_is_opened_under_its_own_name_only() {
        let closed = SECRET.close(facility(1), "key", b"an answer", [9; 12]);
        assert!(!closed.windows(6).any(|part| part == b"answer"));
        assert_eq!(SECRET.open(facility(1), "key", &closed).as_deref(), Some(&b"an answer"[..]));
        assert_eq!(SECRET.open(facility(1), "other", &closed), None);
        assert_eq!(SECRET.open(facility(2), "key", &closed), None);
        assert_eq!(OTHER.open(facility(1), "key", &closed), None);
        assert_eq!(SECRET.open(facility(1), "key", &closed[..5]), None);
    }

    #[test]
    fn a_browser_is_known_until_its_time_is_over_and_for_those_who_were_there() {
        let browser = Browser::new([6; 16]).with([1; 32]).with([2; 32]);
        let at = |second| Timestamp::from_second(second).unwrap();
        let text = SECRET.browser(&browser, at(100));
        assert_eq!(SECRET.known_browser(&text, at(99)).as_ref(), Some(&browser));
        assert_eq!(browser.device([1; 32]), Some(Device { account: [1; 32], nonce: [6; 16] }));
        assert_eq!(browser.device([3; 32]), None);
        assert_eq!(SECRET.known_browser(&text, at(100)), None);
        assert_eq!(OTHER.known_browser(&text, at(99)), None);
        for wrong in ["", "AAAA", &text[..50]] {
            assert_eq!(SECRET.known_browser(wrong, at(99)), None);
        }
        let many = (0..20).fold(browser, |browser, n| browser.with([n; 32]));
        assert!((12..20).all(|n| many.device([n; 32]).is_some()) && many.device([11; 32]).is_none());
    }

    #[test]
    fn a_secret_reads_back_and_is_told_by_its_seal() {
        let again = Secret::parse(&format!("{}\n", SECRET.reveal())).unwrap();
        assert_eq!(again.seal(facility(1)), SECRET.seal(facility(1)));
        assert_ne!(OTHER.seal(facility(1)), SECRET.seal(facility(1)));
        assert!(Secret::parse("too short").is_none());
        assert_eq!(format!("{SECRET:?}"), "Secret");
    }
}
