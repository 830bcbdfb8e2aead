//! The program `comptoir`: everything it does is in the library.

fn main() -> std::process::ExitCode {
    comptoir::cli::run()
}
