//! Who may ask: bearer tokens (RFC 6750), kept as hashes alone.
//!
//! A file has a token a line, as a name and the SHA-256 of the token, so that nobody who reads the file can ask. Tokens
//! are long and drawn at random, and so need no slow hash. One that is presented is hashed and compared with every one
//! that is known in constant time.
//!
//! ```
//! use foramen::server::Tokens;
//! let file = "# clients\nscribe sha256:be4b46ff332f132b6d8da8f40c5425c8999bcde14942b689dec394ef12646657\n";
//! let tokens = Tokens::parse("tokens", file).unwrap();
//! assert!(!tokens.is_empty());
//! assert_eq!((tokens.holder("sixteen-letters-1"), tokens.holder("a guess")), (Some(0), None));
//! ```

use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};

use super::ServeError;

/// Letters that a token given as it is must have, so that nobody guesses it: 16 draws of 64 letters are 96 bits.
const SHORTEST: usize = 16;

/// The tokens that are accepted.
#[derive(Debug, Default)]
pub struct Tokens(Vec<Token>);

#[derive(Debug)]
struct Token {
    name: String,
    hash: [u8; 32],
}

impl Tokens {
    /// The tokens of a file of this name: on each line `NAME sha256:` and 64 hexadecimal digits; empty lines, and lines
    /// that begin with `#`, are passed over.
    ///
    /// # Errors
    /// When a line is none of these: it is named, not quoted.
    pub fn parse(file: &str, text: &str) -> Result<Self, ServeError> {
        let mut tokens = Vec::new();
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            if line.trim_start().starts_with('#') {
                continue;
            }
            let wrong = |what| ServeError::Token { file: file.to_owned(), line: at + 1, what };
            let what = "write `NAME sha256:HEX`, with HEX from `printf %s \"$TOKEN\" | sha256sum`";
            let (name, hash) = line.trim().split_once(char::is_whitespace).ok_or_else(|| wrong(what))?;
            let hash = hash.trim().strip_prefix("sha256:").and_then(unhex).ok_or_else(|| wrong(what))?;
            tokens.push(Token { name: name.to_owned(), hash });
        }
        if tokens.is_empty() {
            let what = "no token in this file: a line is `NAME sha256:HEX`";
            return Err(ServeError::Token { file: file.to_owned(), line: 1, what });
        }
        Ok(Self(tokens))
    }

    /// Adds a token that is given as it is, as in an environment variable; only its hash is kept.
    ///
    /// # Errors
    /// When it is so short that it could be guessed, or no bearer token.
    pub fn add(&mut self, name: &str, token: &str) -> Result<(), ServeError> {
        let wrong = |what| ServeError::Token { file: name.to_owned(), line: 1, what };
        if token.len() < SHORTEST {
            return Err(wrong("too short to be safe: `openssl rand -hex 32` gives a good one"));
        }
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(wrong("a token has letters, digits and signs of ASCII alone"));
        }
        self.0.push(Token { name: name.to_owned(), hash: Sha256::digest(token).into() });
        Ok(())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The position of this token among those that are known.
    pub fn holder(&self, token: &str) -> Option<usize> {
        let hash: [u8; 32] = Sha256::digest(token).into();
        let (mut found, mut at) = (Choice::from(0), 0);
        for (index, known) in (0u32..).zip(&self.0) {
            let same = known.hash.ct_eq(&hash);
            at = u32::conditional_select(&at, &index, same);
            found |= same;
        }
        bool::from(found).then_some(at as usize)
    }

    /// The name of the token at a position.
    pub(super) fn name(&self, holder: usize) -> Option<&str> {
        self.0.get(holder).map(|token| token.name.as_str())
    }
}

/// 32 bytes of 64 hexadecimal digits.
fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf %s sixteen-letters-1 | sha256sum`
    const HASHED: &str = "be4b46ff332f132b6d8da8f40c5425c8999bcde14942b689dec394ef12646657";

    #[test]
    fn a_token_is_known_by_its_hash() {
        let mut tokens = Tokens::parse("t", &format!("a sha256:{HASHED}\n\n # b\n")).unwrap();
        assert_eq!(tokens.holder("sixteen-letters-1"), Some(0));
        tokens.add("env", "sixteen-letters-2").unwrap();
        tokens.add("env2", "sixteen-letters-3").unwrap();
        assert_eq!(tokens.holder("sixteen-letters-2"), Some(1));
        assert_eq!(tokens.holder("sixteen-letters-3"), Some(2));
        assert_eq!(tokens.name(1), Some("env"));
        for guess in ["", "sixteen-letters-", "sixteen-letters-22", HASHED] {
            assert_eq!(tokens.holder(guess), None, "{guess}");
        }
        // RFC 6234's own example.
        let abc = "a sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD";
        assert_eq!(Tokens::parse("t", abc).unwrap().holder("abc"), Some(0));
    }

    #[test]
    fn lines_that_are_none_are_named_and_not_quoted() {
        for (text, line) in [
            ("a plain-token-of-some-length\n", 1),
            ("# c\nsha256:00\n", 2),
            ("\na sha256:xyz", 2),
            ("", 1),
            (&format!("a sha256:{}é", &HASHED[2..]), 1),
        ] {
            let error = Tokens::parse("tokens", text).unwrap_err().to_string();
            assert!(error.starts_with(&format!("tokens:{line}: ")), "{error}");
            assert!(!error.contains("plain-token"), "{error}");
        }
        let mut tokens = Tokens::default();
        assert!(tokens.add("e", "short").is_err());
        assert!(tokens.add("e", "with a blank in its midst").is_err());
    }
}
