//! The methods that set the options of a command, for every type that has them.

/// The methods that set the options of a command, for every type that holds them behind `$field`.
macro_rules! command_setters {
    ($($field:ident)*) => {
        /// The working directory, instead of the site's `path`; a relative one is resolved against
        /// that.
        #[must_use = "this is what it was called on, changed"]
        pub fn cwd(mut self, path: impl Into<String>) -> Self {
            self.$($field.)*cwd = Some(path.into());
            self
        }

        /// A variable in the environment of the command, besides the site's `env`. The value
        /// arrives as it is, whatever bytes it has but NUL. A name that no shell takes, or a NUL
        /// byte, is a [`Kind::Usage`](crate::error::Kind::Usage) failure when the command runs.
        ///
        /// Every user of the host may be able to see it while the command runs: a secret is for
        /// [`secret_env`](Self::secret_env). Under [`Shell::sudo`](crate::shell::Shell::sudo) the
        /// command gets it only if sudoers let the user keep it (`SETENV`); sudo says so if not.
        #[must_use = "this is what it was called on, changed"]
        pub fn env(
            mut self,
            name: impl Into<String>,
            value: impl $crate::shell::Interpolate,
        ) -> Self {
            self.$($field.)*env.push((name.into(), value.bytes().into_owned()));
            self
        }

        /// A secret in a variable of the command's environment. It is in no argument, here or
        /// there; the command, its children, and others as the same user can read it there.
        ///
        /// [`Shell::sudo`](crate::shell::Shell::sudo) refuses it, since sudo would write it into
        /// its log; [`Shell::sudo_sh`](crate::shell::Shell::sudo_sh) takes it.
        #[must_use = "this is what it was called on, changed"]
        pub fn secret_env(mut self, name: impl Into<String>, secret: &$crate::secret::Secret) -> Self {
            self.$($field.)*secrets.push($crate::shell::command_secrets::CommandSecret {
                name: name.into(),
                secret: secret.clone(),
                delivery: $crate::shell::command_secrets::SecretDelivery::Variable,
            });
            self
        }

        /// A secret in a file on the site that only the login user can read. The path of the file
        /// is in a variable of the command's environment: `curl --config "$SECRETS"`. The file is
        /// in memory (`/dev/shm`) if the site has that. It is removed when the command or this
        /// program has ended.
        #[must_use = "this is what it was called on, changed"]
        pub fn secret_file(mut self, name: impl Into<String>, secret: &$crate::secret::Secret) -> Self {
            self.$($field.)*secrets.push($crate::shell::command_secrets::CommandSecret {
                name: name.into(),
                secret: secret.clone(),
                delivery: $crate::shell::command_secrets::SecretDelivery::File,
            });
            self
        }

        /// The user who is to run it, instead of the login user, or of `root` under
        /// [`Shell::sudo`](crate::shell::Shell::sudo). A command that is not under sudo is then run
        /// as [`Shell::sudo_sh`](crate::shell::Shell::sudo_sh) runs it.
        #[must_use = "this is what it was called on, changed"]
        pub fn run_as(mut self, user: impl Into<String>) -> Self {
            self.$($field.)*privilege.user = Some(user.into());
            self
        }

        /// Variables of the login user's environment that sudo is to keep, as by its
        /// `--preserve-env`. Needs `SETENV` in sudoers, which `ALL` implies; without it sudo says
        /// so.
        #[must_use = "this is what it was called on, changed"]
        pub fn keep_env<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
            self.$($field.)*privilege.keep_env.extend(names.into_iter().map(Into::into));
            self
        }

        /// What the command reads on its standard input, which is empty unless set: bytes, a file
        /// on this machine by [`Input::file`](crate::shell::Input::file), any reader by
        /// [`Input::reader`](crate::shell::Input::reader), or a [`Secret`](crate::secret::Secret).
        ///
        /// A command need not read all of it. If it cannot be read here, the command is ended and
        /// has failed.
        #[must_use = "this is what it was called on, changed"]
        pub fn stdin(mut self, input: impl $crate::shell::IntoInput) -> Self {
            self.$($field.)*input = Some(input.into_input());
            self
        }

        /// How long the command may take; the site's `timeout` unless set. When it is up, the
        /// command and its children get TERM, and KILL five seconds later.
        #[must_use = "this is what it was called on, changed"]
        pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
            self.$($field.)*timeout = Some(timeout);
            self
        }

        /// How many bytes of the end of each stream are captured; 64 KiB unless set. What is shown,
        /// written or read line by line has no limit.
        #[must_use = "this is what it was called on, changed"]
        pub fn capture_limit(mut self, bytes: usize) -> Self {
            self.$($field.)*capture_limit = bytes;
            self
        }

        /// What is shown of the command: the command and all its output, unless set. The events
        /// always have all of it, and the error of a failed command has the end of its output.
        #[must_use = "this is what it was called on, changed"]
        pub fn show(mut self, show: $crate::event::Show) -> Self {
            self.$($field.)*show = show;
            self
        }

        /// Accepts every exit status: one other than 0 is no failure, but is in the
        /// [`Output`](crate::shell::Output).
        #[must_use = "this is what it was called on, changed"]
        pub fn unchecked(mut self) -> Self {
            self.$($field.)*is_unchecked = true;
            self
        }

        /// Where standard output goes, byte for byte, instead of being shown. The end of it is
        /// captured too.
        ///
        /// A slow writer slows this command alone. It is flushed and shut down when the output
        /// ends. If it fails, the command is ended and has failed.
        #[must_use = "this is what it was called on, changed"]
        pub fn stdout(
            mut self,
            writer: impl tokio::io::AsyncWrite + Send + Unpin + 'static,
        ) -> Self {
            self.$($field.)*stdout = Some(Box::new(writer));
            self
        }

        /// Where standard error goes, byte for byte, instead of being shown; as
        /// [`stdout`](Self::stdout).
        #[must_use = "this is what it was called on, changed"]
        pub fn stderr(
            mut self,
            writer: impl tokio::io::AsyncWrite + Send + Unpin + 'static,
        ) -> Self {
            self.$($field.)*stderr = Some(Box::new(writer));
            self
        }

        /// Where the log of the command goes, instead of being shown: a line `SITE $ ..` with the
        /// script, `SITE | ..` for each line of its output, `SITE ! ..` for standard error, and one
        /// that says how it ended. Nothing in it moves a terminal's cursor.
        ///
        /// A slow writer slows this command alone. It is flushed and shut down at the end. If it
        /// fails, the command is ended and has failed.
        #[must_use = "this is what it was called on, changed"]
        pub fn log(
            mut self,
            writer: impl tokio::io::AsyncWrite + Send + Unpin + 'static,
        ) -> Self {
            self.$($field.)*log = Some(Box::new(writer));
            self
        }
    };
}

pub(crate) use command_setters;
