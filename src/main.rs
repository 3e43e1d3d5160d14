//! The program: hands the command line to [`taizhang::cli`], and its exit status back.

fn main() -> std::process::ExitCode {
    taizhang::cli::run()
}
