//! Where a password comes from: the terminal, without showing it, or standard input. Never a flag, which everybody on the
//! machine can read.

use std::io::BufRead;

use loquat_auth::password::PASSWORD_BYTES_MAX;

use crate::error::CommandError;

/// A new password.
///
/// # Errors
/// When there is none, when the two that were typed differ, when there is no terminal to ask on.
pub fn take(from_stdin: bool) -> Result<String, CommandError> {
    let password = if from_stdin { first_line(std::io::stdin().lock())? } else { ask()? };
    if password.is_empty() { Err(CommandError::failed("the password is empty")) } else { Ok(password) }
}

/// The line without its end; what follows is not looked at.
fn first_line(input: impl BufRead) -> Result<String, CommandError> {
    let mut line = String::new();
    // One byte more than may be, so that a longer one is refused and not cut.
    let limit = PASSWORD_BYTES_MAX as u64 + 2;
    input.take(limit).read_line(&mut line).map_err(CommandError::about("the password"))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn ask() -> Result<String, CommandError> {
    let ask = |prompt| rpassword::prompt_password(prompt).map_err(no_terminal);
    let password = ask("Password: ")?;
    if ask("Once more: ")? == password {
        Ok(password)
    } else {
        Err(CommandError::failed("the two passwords differ; nothing was changed"))
    }
}

fn no_terminal(error: std::io::Error) -> CommandError {
    CommandError::failed(format!(
        "there is no terminal to ask for a password ({error}); use --password-stdin"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_the_first_line_with_all_its_spaces() {
        for (input, password) in [
            ("secret", "secret"),
            ("secret\n", "secret"),
            (" with spaces \r\nmore\n", " with spaces "),
            ("", ""),
        ] {
            assert_eq!(first_line(input.as_bytes()).unwrap(), password);
        }
        let long = "x".repeat(PASSWORD_BYTES_MAX * 2);
        assert!(first_line(long.as_bytes()).unwrap().len() > PASSWORD_BYTES_MAX);
    }
}
