//! The second factor: an app that tells a code of six figures, another every thirty seconds (RFC 6238), and recovery codes
//! for when it is lost. A code of one step before or after counts too, since clocks differ; each step counts once.

use chrono::{DateTime, Utc};
use qrcodegen::{QrCode, QrCodeEcc};
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp};

use crate::ground::id::AccountId;

/// Bytes of the secret that app and service share: as many as RFC 4226 recommends.
pub const SECRET: usize = 20;
/// So many recovery codes are given out at once.
pub const RECOVERY_CODES: usize = 10;
/// Bytes of a recovery code: 120 bits are 24 letters. From 112 on a plain hash keeps them (ASVS 6.5.2).
pub const RECOVERY_CODE: usize = 15;
/// Letters of those that were given out before, of eighty bits: they go on counting until others are.
const EARLIER_LETTERS: usize = 16;
/// Figures of a code.
const FIGURES: usize = 6;

/// The secret that app and service share.
pub type SharedSecret = [u8; SECRET];

/// What somebody gives to prove that they have their second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// What the app shows.
    Code(String),
    /// A recovery code, in capitals.
    Recovery(String),
}

/// What was typed: a code, or a recovery code, with whatever spaces and hyphens; none where it is neither.
#[must_use]
pub fn given(typed: &str) -> Option<Given> {
    let plain: String = typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect();
    if plain.len() == FIGURES && plain.bytes().all(|letter| letter.is_ascii_digit()) {
        return Some(Given::Code(plain));
    }
    let plain = plain.to_ascii_uppercase();
    let is_of_base32 = |letter: u8| letter.is_ascii_uppercase() || (b'2'..=b'7').contains(&letter);
    let letters = RECOVERY_CODE * 8 / 5;
    let is_long_enough = [letters, EARLIER_LETTERS].contains(&plain.len());
    (is_long_enough && plain.bytes().all(is_of_base32)).then_some(Given::Recovery(plain))
}

fn clockwork(secret: &SharedSecret, account: &str, issuer: &str) -> Totp {
    // A colon parts the issuer from the account in what apps read.
    let plain = |text: &str| text.replace(':', " ");
    Builder::new()
        .with_secret(secret.as_slice())
        .with_account_name(plain(account))
        .with_issuer(Some(plain(issuer)))
        .build_noncompliant()
}

/// The step of thirty seconds whose code this is: the present one, that before or that after; none where it is no code of
/// theirs.
#[must_use]
pub fn step_of(secret: &SharedSecret, code: &str, now: DateTime<Utc>) -> Option<i64> {
    let seconds = u64::try_from(now.timestamp()).ok()?;
    let step = clockwork(secret, "", "").check(code, seconds)?;
    i64::try_from(step).ok()
}

/// What the app reads from the picture: whose secret it is, and who asks for its codes.
#[must_use]
pub fn address(secret: &SharedSecret, account: &str, issuer: &str) -> String {
    clockwork(secret, account, issuer).to_url().unwrap_or_default()
}

/// The secret as it is typed into an app by hand: "JBSW Y3DP …".
#[must_use]
pub fn by_hand(secret: &SharedSecret) -> String {
    in_groups(&Secret::from(secret.as_slice()).to_base32(), " ")
}

/// A recovery code as it is written down: "JBSW-Y3DP-EHPK-3PXP-JBSW-Y3DP".
#[must_use]
pub fn written(code: &[u8; RECOVERY_CODE]) -> String {
    in_groups(&Secret::from(code.as_slice()).to_base32(), "-")
}

fn in_groups(text: &str, joint: &str) -> String {
    let groups: Vec<&str> =
        (0..text.len()).step_by(4).filter_map(|at| text.get(at..(at + 4).min(text.len()))).collect();
    groups.join(joint)
}

/// The hash of a recovery code, in capitals without hyphens, of this account.
#[must_use]
pub fn recovery_hash(account: AccountId, code: &str) -> [u8; 32] {
    Sha256::new().chain_update(account.0.as_bytes()).chain_update(code.as_bytes()).finalize().into()
}

/// The hash of a recovery code that is given out.
#[must_use]
pub fn hash_of(account: AccountId, code: &[u8; RECOVERY_CODE]) -> [u8; 32] {
    recovery_hash(account, &Secret::from(code.as_slice()).to_base32())
}

/// A picture for the app's camera: an SVG path of its dark squares, and how many squares it is wide, with the light border
/// that cameras need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The path.
    pub path: String,
    /// How wide and high it is.
    pub size: i32,
}

/// Squares of light border.
const BORDER: i32 = 4;

/// The picture of a text; none where it is too long for one.
#[must_use]
pub fn picture(text: &str) -> Option<Picture> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let all = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
    let dark = all.filter(|(x, y)| code.get_module(*x, *y));
    let squares: Vec<String> = dark.map(|(x, y)| format!("M{} {}h1v1h-1z", x + BORDER, y + BORDER)).collect();
    Some(Picture { path: squares.concat(), size: code.size() + 2 * BORDER })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::{
        Given, SharedSecret, address, by_hand, given, hash_of, picture, recovery_hash, step_of, written,
    };
    use crate::ground::id::AccountId;

    /// The secret of the examples of RFC 6238, appendix B.
    const EXAMPLE: &SharedSecret = b"12345678901234567890";

    /// Those of RFC 6238, appendix B, whose last six figures these are.
    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let now = DateTime::from_timestamp(seconds, 0).unwrap();
            assert_eq!(step_of(EXAMPLE, code, now), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_counts_one_step_either_way_and_says_of_which_it_is() {
        let at = |seconds: i64| DateTime::from_timestamp(1_234_567_890 + seconds, 0).unwrap();
        let own = 1_234_567_890 / 30;
        for (later, counts) in
            [(-31, false), (-30, true), (-1, true), (0, true), (29, true), (59, true), (60, false)]
        {
            assert_eq!(step_of(EXAMPLE, "005924", at(later)), counts.then_some(own), "{later} seconds later");
        }
        for wrong in ["", "00592", "0059244", "005925", "abcdef"] {
            assert_eq!(step_of(EXAMPLE, wrong, at(0)), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_typed_is_a_code_or_a_recovery_code_however_it_is_spaced() {
        let recovery = "JBSWY3DPEHPK3PXP";
        for (typed, read) in [
            ("005924", Some(Given::Code("005924".to_owned()))),
            (" 005 924 ", Some(Given::Code("005924".to_owned()))),
            ("jbsw-y3dp-ehpk-3pxp", Some(Given::Recovery(recovery.to_owned()))),
            ("JBSW Y3DP EHPK 3PXP", Some(Given::Recovery(recovery.to_owned()))),
            ("jbsw-y3dp-ehpk-3pxp-jbsw-y3dp", Some(Given::Recovery(format!("{recovery}JBSWY3DP")))),
            ("jbsw-y3dp-ehpk-3pxp-jbsw", None),
            ("", None),
            ("12345", None),
            ("jbsw-y3dp-ehpk-3px1", None),
        ] {
            assert_eq!(given(typed), read, "{typed:?}");
        }
    }

    #[test]
    fn recovery_codes_are_told_as_they_are_read() {
        let (account, code) = (AccountId::default(), [7; 15]);
        let Some(Given::Recovery(read)) = given(&written(&code)) else { panic!("no recovery code") };
        assert_eq!(recovery_hash(account, &read), hash_of(account, &code));
        assert_ne!(hash_of(account, &code), hash_of(AccountId::new(), &code));
    }

    #[test]
    fn the_app_is_told_whose_secret_it_is() {
        let address = address(EXAMPLE, "ann@example.org", "Locum: bank");
        assert!(address.starts_with("otpauth://totp/"), "{address}");
        assert!(address.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{address}");
        assert!(by_hand(EXAMPLE).starts_with("GEZD GNBV "));
        let picture = picture(&address).unwrap();
        assert!(picture.size > 29 && picture.path.starts_with('M'));
    }
}
