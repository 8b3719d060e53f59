//! The macros of ploy: [`sites!`], [`#[job]`](macro@job), [`#[action]`](macro@action),
//! [`#[schedule]`](macro@schedule), [`jobs!`], [`cmd!`] and [`main!`].
//!
//! Use them through the crate `ploy`, which re-exports them together with the library that their
//! expansions call.
//!
//! Every macro reads its whole input before it says what is wrong: several mistakes are several
//! errors, each at the token that it is about, and one mistake is one error, because what the rest
//! of the program needs is made all the same.
//!
//! The expansions name `::ploy` only. Where the crate has another name, an attribute says `crate =
//! ::name` and a function-like macro begins with `crate = ::name;`. The path must be absolute.
//!
//! Each macro has a folder of its own, and goes four steps there: *parse* makes a typed *model* of
//! the input, *check* holds the rules, *expand* writes the tokens, and *fallback* does so where
//! something is wrong. The folder `params` reads and writes the parameters of a function, which
//! three of them share; `input` and `output` hold the smaller parts. Rules that the runtime applies
//! too are those of the crate `ploy-syntax`.

#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used))] // In a test a panic is the message.

mod action;
mod cmd;
mod deploy_main;
mod input;
mod job;
mod jobs;

mod output;
mod param_value;
mod params;
mod schedule;
mod sites;

use proc_macro::TokenStream;

/// Declares the sites and roles of a project, and makes the module `topology`.
///
/// ```text
/// ploy::sites! {
///     site builder { roles: ["build"] }           // no host: a local shell
///     site web1 { roles: ["web", "primary"], host: "web1.example.com", path: "/srv/www" }
///     site "web-2" { roles: ["web"], host: "{name}.example.com", user: "deploy", port: 2222 }
///     // Twelve sites.
///     site "db[01-12]" { roles: ["db"], host: "{name}.internal", vars: { keep: 7 } }
///     // Every site above that carries one of these roles.
///     update ["web", "db"] { roles: ["linux"], password_domain: "prod" }
///     role "canary";                              // declared; filled at run time
/// }
/// ```
///
/// # Statements
///
/// - `site NAME { .. }` is a place where a shell can run. The name is an identifier or a string.
///   Every site is a role of its own name.
/// - `site "db[01-12]" { .. }` is one site for each number. Leading zeros are kept. `[1-3,7]` is a
///   list, `[0-20/5]` counts in steps, and several brackets are combined:
///   `"rack[1-2]-node[01-20]"` is forty sites.
/// - `update ["web", db3] { .. }` adds roles and settings to every site above that carries one of
///   these roles. It makes no new site. A role that nobody carries is an error, and so is one that
///   a site further down carries, as the update would miss it.
/// - `role "canary";` declares a role that no site here carries.
///
/// # Settings
///
/// | setting | takes | |
/// |---|---|---|
/// | `host`, `user`, `port` | strings, a number | where ssh connects to; without `host` the shell is local |
/// | `identity`, `config`, `jump` | strings | a key file, an ssh configuration file, a jump host |
/// | `connect_timeout`, `timeout` | `Duration` | of a connection, of each command |
/// | `path`, `shell` | strings | the working directory, the shell |
/// | `env` | `{ KEY: "value" }` | environment variables |
/// | `max_sessions` | a number | commands at once over one connection |
/// | `run_as` | a string | the user who runs its commands, by sudo |
/// | `password_domain` | a string | the sites that name the same one share one password for sudo |
/// | `guarded` | `true` or `false` | chosen only by its name, or by a role that only guarded sites carry |
/// | `roles` | `["web", ["db"]]` | nested lists are flattened |
/// | `vars` | `{ keep: 7, "any-name": expr }` | anything of your own |
///
/// Values are Rust expressions, evaluated each time the topology is built, in the scope of the
/// macro. What is a literal is checked when the binary is compiled. In the string literals of a
/// `site`, also in arrays and tables, `{name}` is the name of the site.
///
/// # What is made
///
/// - `topology::topology()` builds the topology.
/// - `topology::roles` holds a constant for every role and site (`roles::web`), `topology::sites`
///   one for every site.
/// - `topology::ROLES` is what `#[job]` and `#[action]` check their roles against.
///
/// In these constants `_` stands for `-` and `.`, and a name that begins with a digit gets a `_` in
/// front: `"1st-web"` is `_1st_web`. Two names that would become one identifier are an error, and
/// so is a name that is a keyword.
///
/// Put the macro at the root of the crate: `#[job]` looks for `crate::topology`. A crate of jobs
/// whose sites are declared in another says `use fleet::topology;` at its root.
#[proc_macro]
pub fn sites(input: TokenStream) -> TokenStream {
    sites::sites(input.into()).into()
}

/// Makes a function a job.
///
/// ```text
/// /// Upload the new release.
/// #[job(name = "upload-web", roles = ["web"])]
/// async fn upload(cx: Cx) -> Result {
///     let release = cx.batch_id();
///     cx.shell().upload("dist/", format!("releases/{release}")).await?;
///     Ok(())
/// }
/// ```
///
/// The function is async, or plain: then it runs on a thread of its own, with `cx.blocking()` for
/// the shell. It takes nothing, or a `Cx` and parameters, and returns nothing, `ploy::Result`, or a
/// `Result<(), E>` of any error. Its doc comment is the help text.
///
/// On a unit struct the attribute makes a job without work of its own, which does nothing until an
/// [`#[action]`](macro@action) joins it:
///
/// ```text
/// /// Try that the sites answer.
/// #[job(name = "smoke")]
/// struct Smoke;
/// ```
///
/// # Parameters
///
/// Each argument after the first is a parameter, and an option of the command line: `tag: String`
/// is `--tag`, `keep_days: u32` is `--keep-days`.
///
/// ```text
/// async fn upload(
///     cx: Cx,
///     /// The release, by its tag
///     tag: String,
///     #[param(default = 3)] keep: u32,
///     dirty: bool,                               // a switch
///     targets: Vec<Target>,                      // any number of values
///     from: Option<PathBuf>,
///     token: Secret,                             // --token-file or --token-fd
/// ) -> Result { .. }
/// ```
///
/// Its type is one that implements `ploy::params::Argument`; types of your own do by
/// [`#[derive(ParamValue)]`](macro@ParamValue). Its doc comment is its help. `#[param(default =
/// ..)]` is what it is when nothing is given, an expression of its type, or a string for a `String`
/// or a `PathBuf`; `#[param(name = "..")]` names the option otherwise. No option of the deploy
/// binary's own can be a parameter's name.
///
/// # Arguments
///
/// | argument | | without |
/// |---|---|---|
/// | `name = "upload-web"` | the name on the command line and in lists | the function's name with dashes; of a struct, its words with dashes |
/// | `roles = ["web", ["db"]]` | the job runs on the sites that carry one of these; nested lists are flattened | the job's name is the role |
/// | `run_as = "root"` | the user who runs its commands, by sudo, and reads and writes its files there | whom the site says, else the login user |
/// | `critical = true` | when the run is cancelled, the job may finish: it is not told to end | it is told to end, and has 30 s |
/// | `topology = fleet::topology` | the module that knows the roles | `crate::topology` |
/// | `topology = any` | roles are checked when the binary starts, for jobs that many projects share | |
/// | `handle = UploadWeb` | the name of the handle, see below | the function's name |
/// | `crate = ::path` | where ploy is found | `::ploy` |
///
/// A role that the topology does not know does not compile:
///
/// ```text
/// error[E0080]: evaluation panicked: undeclared role `databse`; did you mean `database`? (declared
/// roles: web, database)
///  --> src/main.rs:7:23
///   |
/// 7 | #[job(roles = ["web", "databse"])]
///   |                       ^^^^^^^^^ evaluation of `_::_` failed here
/// ```
///
/// # What is made
///
/// 1. The function, as it was written: it can still be called.
/// 2. A hidden type of the same name and visibility, the *handle*. It is what a path in [`jobs!`]
///    names, so that imports, renames, privacy and typing errors are those of any Rust item.
/// 3. The registration of the job, and a check for each role.
///
/// Where a module has the name of the function too (`mod upload; use upload::upload;`), the handle
/// would be the second type of that name, error E0255. There, give it another: `handle = Upload`.
/// In a link of a doc comment, the function is ``[`upload()`]``.
#[proc_macro_attribute]
pub fn job(arguments: TokenStream, item: TokenStream) -> TokenStream {
    job::job(arguments.into(), &item.into()).into()
}

/// Makes a function an action that joins a job: it runs whenever the job runs, at the same time as
/// the job's own function, on the sites of its own roles.
///
/// ```text
/// #[action(job = web::upload, roles = ["primary"])]
/// async fn backup(cx: Cx) -> Result {
///     cx.shell().run(cmd!("scripts/backup.sh")).await?;
///     Ok(())
/// }
/// ```
///
/// | argument | | without |
/// |---|---|---|
/// | `job = web::upload` | the job, by its function or struct; from any module or crate | required |
/// | `job = "upload-web"` | the job, by its name, which is looked up when the binary starts | |
/// | `roles`, `topology`, `crate` | as of [`#[job]`](macro@job) | the job's name is the role |
///
/// The function is one that could be a job. Its parameters are some of the job's, by name and type,
/// in any order; defaults stand at the job's. It may carry several of these attributes.
#[proc_macro_attribute]
pub fn action(arguments: TokenStream, item: TokenStream) -> TokenStream {
    action::action(arguments.into(), &item.into()).into()
}

/// Makes a function a schedule: a named sequence of stages.
///
/// As data, which can be shown and resumed:
///
/// ```text
/// #[schedule(name = "release")]
/// fn release() -> Schedule {
///     Schedule::new()
///         .run(jobs![package])
///         .rolling("1,10%,100%", jobs![upload, upgrade]).on([roles::web]).name("switch")
///         .run(jobs![roll_back]).on_failure("switch")
/// }
/// ```
///
/// As code, where the next stage depends on the last:
///
/// ```text
/// #[schedule(name = "release-and-tell")]
/// async fn release_and_tell(batch: Batch) -> Result {
///     let outcome = batch.sequential(jobs![upload, upgrade]).on([roles::web]).await;
///     if outcome.failed() { tell(outcome.errors()).await; }
///     outcome.into_result()
/// }
/// ```
///
/// Arguments of the function, in the second form those after the `Batch`, are parameters, as a
/// [job's](macro@job) are: `--tag` on the command line. It hands them on by `jobs![upload(tag =
/// tag)]`.
///
/// The arguments of the attribute are `name`, which is the function's name with dashes if it is
/// left out, and `crate`. The doc comment is the help text.
#[proc_macro_attribute]
pub fn schedule(arguments: TokenStream, item: TokenStream) -> TokenStream {
    schedule::schedule(arguments.into(), &item.into()).into()
}

/// A list of jobs, for a stage.
///
/// ```text
/// jobs![package, web::upload, [db::backup, db::migrate], "by-name"]
/// ```
///
/// A job is named by the path of its function or struct: a wrong one does not compile. Lists nest
/// and are flattened. A string is a name that is looked up when the stage runs. A job that is
/// listed twice runs twice.
///
/// A job that has parameters is given them by name: `jobs![upload(tag = "v1", keep)]`, where `keep`
/// stands for `keep = keep`. A wrong name, a value of another type, and one that is missing and has
/// no default do not compile.
#[proc_macro]
pub fn jobs(input: TokenStream) -> TokenStream {
    jobs::jobs(input.into()).into()
}

/// A shell command, in which every value is quoted.
///
/// ```text
/// cmd!("tar xzf {archive} -C {dir}")
/// cmd!["./build.sh", "tar czf dist.tgz dist"]                   // a list: joined by `&&`
/// ```
///
/// The text is that of a POSIX shell, and it is read when the binary is compiled. It is a string
/// literal; for text that is made at run time there is `Script::raw`.
///
/// | in the text | is |
/// |---|---|
/// | `{value}`, `{a.b}`, `{pair.0}` | a variable or a field of one, quoted for the shell when the command is made |
/// | `{values...}` | each value of a list, as a word of its own. It stands between blanks |
/// | `{value:any}` | a value that may be anything, see below |
/// | `{{` and `}}` | braces: `{{ a; b; }}`, `awk '{{print $1}}'`, `find -exec ls {{}} +` |
/// | `${name}`, `${name:-x}` | the shell's own |
///
/// A value must stand outside of quotes, backquotes, arithmetic, comments and here-documents, as
/// ploy quotes it there: write `{dir}/"my file"`, not `"{dir}/my file"`. In `$(..)` it may stand,
/// unless that is in quotes; then set a shell variable first: `f={file}; echo "$(wc -l "$f")"`.
/// What is not closed, or means different things to different shells, does not compile.
///
/// When the command is made, a value that is empty inside a longer word (`rm -rf {dir}/*`) is an
/// error, and so is one that begins a word with `-`, which would be taken for an option.
/// `{value:any}` allows both.
///
/// In a list each command keeps its own meaning: one with `;`, `||`, `&`, a comment or a
/// here-document in it is put in braces of the shell's before it is joined to the others.
#[proc_macro]
pub fn cmd(input: TokenStream) -> TokenStream {
    cmd::cmd(input.into()).into()
}

/// The `main` of a deploy binary, and a test that all jobs and schedules are sound.
///
/// ```text
/// ploy::main!();
/// ```
///
/// In a monorepo, where sites and jobs are other crates:
///
/// ```text
/// ploy::main! {
///     topology: fleet::topology,
///     uses: [web_jobs, db_jobs],
///     setup: prepare,
/// }
/// ```
///
/// | key | | without |
/// |---|---|---|
/// | `topology` | the module made by [`sites!`] | `crate::topology` |
/// | `uses` | crates of jobs. One that nothing in the binary names is not linked, and its jobs would be missing | none |
/// | `setup` | `async fn(&mut Topology, &mut Catalogue) -> Result`, which runs before anything is checked: sites from a cloud, a file, a command | none |
///
/// `cargo test` runs the generated test `ploy_catalogue_is_sound`.
#[proc_macro]
pub fn main(input: TokenStream) -> TokenStream {
    deploy_main::main(input.into()).into()
}

/// Makes a type that a parameter can have.
///
/// Of an enum, each variant is a value, written in small letters with dashes (`OnlyNew` is
/// `only-new`), or as `#[param(name = "..")]` on the variant says; its doc comment stands in the
/// help. A struct is read by its `FromStr` and written by its `Display`. The type must be `Clone`.
///
/// ```text
/// #[derive(Clone, ploy::ParamValue)]
/// enum Target {
///     /// For those who test.
///     Staging,
///     #[param(name = "live")]
///     Production,
/// }
///
/// #[job(name = "upload-web", roles = ["web"])]
/// async fn upload(cx: Cx, target: Target) -> Result { .. }       // --target staging
/// ```
#[proc_macro_derive(ParamValue, attributes(param))]
pub fn param_value(item: TokenStream) -> TokenStream {
    param_value::param_value(item.into()).into()
}
