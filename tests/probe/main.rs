//! A deploy binary for the tests that run a real program: signals, exit codes, output.
//!
//! Its sites are local, or the hosts of the ssh configuration that `PROBE_CONFIG` names.

use std::env;

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web", "first"], host: host("web1"), config: config() }
    site web2 { roles: ["web"], host: host("web2"), config: config() }
    site web3 { roles: ["web"], host: host("web3"), config: config() }
    // Twenty names for one host.
    site "host[1-20]" { roles: ["many"], host: "{name}", config: config() }
    // A hundred on this machine.
    site "box[1-100]" { roles: ["boxes"] }
    // On this machine.
    site "local[1-100]" { roles: ["crowd"] }
    // Nothing listens on its port.
    site nowhere { roles: ["dark"], host: "web1", port: 1, config: config() }
    update ["web", "many"] { password_domain: env::var("PROBE_DOMAIN").ok() }
    update ["web1"] { password_domain: env::var("PROBE_FIRST_DOMAIN").ok() }
    update ["web"] { run_as: env::var("PROBE_RUN_AS").ok(), path: env::var("PROBE_PATH").ok() }
    update ["web"] { max_sessions: env::var("PROBE_MAX_SESSIONS").ok().and_then(|most| most.parse::<u32>().ok()) }
}

fn config() -> Option<String> {
    env::var("PROBE_CONFIG").ok()
}

fn host(name: &str) -> Option<String> {
    config().map(|_| name.to_owned())
}

/// Sleep, in a child, in a pipeline and in a child of a child.
#[job(name = "sleep", roles = ["web"])]
async fn sleep(cx: Cx) -> Result {
    cx.shell()
        .run(cmd!(
            "sleep 1001 & sleep 1002 | cat & sh -c 'sh -c \"sleep 1003; :\"; :' & echo asleep; wait"
        ))
        .await?;
    Ok(())
}

/// Ignore every signal that can be ignored.
#[job(name = "stubborn", roles = ["web"])]
async fn stubborn(cx: Cx) -> Result {
    cx.shell()
        .run(cmd!(
            "trap '' HUP INT TERM; echo asleep; while :; do sleep 1; done"
        ))
        .await?;
    Ok(())
}

/// Sleep on this machine, whatever the site.
#[job(name = "local-sleep", roles = ["first"])]
async fn local_sleep(cx: Cx) -> Result {
    cx.local()
        .run(cmd!("echo asleep; sleep 1004 | cat"))
        .await?;
    Ok(())
}

/// Run the script in `PROBE_SCRIPT`.
#[job(name = "script", roles = ["web", "many"])]
async fn script(cx: Cx) -> Result {
    cx.shell()
        .run(Script::raw(env::var("PROBE_SCRIPT")?))
        .await?;
    Ok(())
}

/// Run the script in `PROBE_SCRIPT`, which is told its site as `$SITE`, and report what
/// `PROBE_REPORT` says.
#[job(name = "inspect", roles = ["boxes"])]
async fn inspect(cx: Cx) -> Result {
    let script = Script::raw(env::var("PROBE_SCRIPT")?);
    cx.debug("a detail");
    cx.shell().run(script).env("SITE", cx.site().name()).await?;
    if let Ok(text) = env::var("PROBE_REPORT") {
        cx.report(text);
    }
    Ok(())
}

/// Say that it was inspected.
#[job(name = "note", roles = ["boxes"])]
async fn note(cx: Cx) -> Result {
    cx.shell().run(cmd!("echo noted")).await?;
    Ok(())
}

/// Run the script in `PROBE_SCRIPT` on many sites of this machine.
#[job(name = "crowd", roles = ["crowd"])]
async fn crowd(cx: Cx) -> Result {
    script(cx).await
}

/// Ask for a password beside the script in `PROBE_SCRIPT`.
#[job(name = "ask", roles = ["web"])]
async fn ask(cx: Cx) -> Result {
    if cx.site().name() == "web1" {
        ploy::secret::Passwords::from_terminal()
            .prompt("prod")
            .await?;
        cx.report("thank you");
        return Ok(());
    }
    script(cx).await
}

/// Run the script in `PROBE_SCRIPT` as root.
#[job(name = "as-root", roles = ["web", "many"])]
async fn as_root(cx: Cx) -> Result {
    let run = cx.shell().sudo_sh(Script::raw(env::var("PROBE_SCRIPT")?));
    let limit = env::var("PROBE_TIMEOUT")
        .ok()
        .and_then(|limit| limit.parse().ok());
    match limit {
        Some(limit) => run.timeout(std::time::Duration::from_secs(limit)).await?,
        None => run.await?,
    };
    Ok(())
}

/// Go wrong in the program itself while somebody is asked for a password.
#[job(name = "panic-asking", roles = ["first"])]
async fn panic_asking(cx: Cx) -> Result {
    let run = cx.shell().sudo(cmd!("id -un")).into_future();
    let wrong = async {
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        panic!("no such luck");
    };
    tokio::select! {
        output = run => output.map(drop)?,
        () = wrong => {}
    }
    Ok(())
}

/// Run `id -un` as root, which the job says.
#[job(name = "by-job", roles = ["web"], run_as = "root")]
async fn by_job(cx: Cx) -> Result {
    cx.shell().run(cmd!("id -un")).await?;
    Ok(())
}

/// Put out a hundred lines beside the rest of a job.
#[action(job = as_root, roles = ["first"])]
async fn tick(cx: Cx) -> Result {
    if env::var_os("PROBE_TICKS").is_some() {
        let ticks = cmd!("for i in 1 2 3 4 5 6 7 8 9 10; do echo tick $i; sleep 0.1; done");
        cx.shell().run(ticks).await?;
    }
    Ok(())
}

/// Hand a secret over in every way, and put it out in every form.
#[job(name = "secret", roles = ["first"])]
async fn secret(cx: Cx) -> Result {
    let secret = Secret::new(env::var("PROBE_SECRET")?);
    let shell = cx.shell();
    let text = cmd![
        r#"echo "env=$TOKEN"; echo "file=$(cat "$FILE")"; echo "stdin=$(cat)" >&2"#,
        r#"for before in '' x xy; do printf '%s%s' "$before" "$TOKEN" | base64 -w0; echo; done"#,
        r#"printf %s "$TOKEN" | head -c 7; sleep 0.2; printf %s "$TOKEN" | tail -c +8; echo"#,
        r#"(set -x; : "$TOKEN"); ls -l "$FILE"; sleep "$PAUSE"; exit "$CODE""#
    ];
    let run = |code: u8| {
        shell
            .run(&text)
            .secret_env("TOKEN", &secret)
            .secret_file("FILE", &secret)
            .stdin(&secret)
            .env("CODE", code)
            .env("PAUSE", env::var("PROBE_PAUSE").unwrap_or("0".into()))
    };
    let output = run(0).await?;
    let shown = String::from_utf8_lossy(secret.expose()).into_owned();
    if !output.text().contains(&shown) {
        return Err(std::io::Error::other("what is captured is not exact").into());
    }
    cx.report(format_args!("report={shown}"));
    cx.debug(format_args!("debug={shown}"));
    shell
        .run(Script::raw(format!("true # script={shown}")))
        .await?;
    cx.fail(format_args!("fail={shown}"));
    run(3).await?;
    Ok(())
}

/// Run the script in `PROBE_SCRIPT`, and say how much memory this program had at most, before it
/// and after it.
#[job(name = "measured", roles = ["web", "many"])]
async fn measured(cx: Cx) -> Result {
    cx.report(format!("before: {} KiB", peak_memory()?));
    script(cx.clone()).await?;
    cx.report(format!("after: {} KiB", peak_memory()?));
    Ok(())
}

fn peak_memory() -> Result<String> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let line = line.unwrap_or_default().trim();
    Ok(line.trim_end_matches(" kB").to_owned())
}

/// Every kind of work that is to end with us. One more has an input, and so another guard than the
/// others: which kind that is goes by the site.
#[job(name = "work", roles = ["web", "many"])]
async fn work(cx: Cx) -> Result {
    // Those that are to be stubborn ignore every signal that can be ignored.
    let before = env::var("PROBE_BEFORE").unwrap_or_default();
    let command = |kind: usize| {
        let script = format!("{before}{}", KINDS[kind % KINDS.len()]);
        cx.shell().run(Script::raw(script))
    };
    let run = |kind| command(kind).into_future();
    let digits = cx.site().name().trim_start_matches(char::is_alphabetic);
    let fed = command(digits.parse()?).stdin("an input").into_future();
    let all = async {
        let (a, b, c, d, e, f) = tokio::join!(fed, run(0), run(1), run(2), run(3), run(4));
        a.and(b).and(c).and(d).and(e).and(f)?;
        Ok(())
    };
    // A failure drops what runs beside it.
    tokio::select! {
        result = all => result,
        failed = failure() => failed,
    }
}

const KINDS: [&str; 5] = [
    "echo asleep; exec sleep 2001",
    "sh -c 'sleep 2002 & sleep 2002' & echo asleep; wait",
    "echo asleep; sleep 2003 | cat | cat",
    "echo asleep; sleep 2004 | while read -r line; do echo never; done",
    "sleep 2005 >/dev/null & echo asleep; sleep 2006",
];

/// Fail as soon as the file that `PROBE_FAIL` names is there; never, if it names none.
async fn failure() -> Result {
    let file = env::var("PROBE_FAIL").unwrap_or_default();
    while file.is_empty() || !std::path::Path::new(&file).exists() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    Err(std::io::Error::other("no such luck").into())
}

/// Upload the folder that `PROBE_SOURCE` names.
#[job(name = "upload", roles = ["first"])]
async fn upload(cx: Cx) -> Result {
    let source = env::var("PROBE_SOURCE")?;
    let target = env::var("PROBE_TARGET")?;
    cx.shell().upload(source, target).await?;
    Ok(())
}

/// Put out 20 MiB, in lines of 64 bytes.
#[job(name = "flood", roles = ["first"])]
async fn flood(cx: Cx) -> Result {
    cx.shell()
        .run(cmd!(
            "yes 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde | head -n 327680"
        ))
        .await?;
    Ok(())
}

/// Put out what is no text.
#[job(name = "binary", roles = ["first"])]
async fn binary(cx: Cx) -> Result {
    cx.shell()
        .run(cmd!(r"printf 'a\377\376b\0c\n\033[31mred\n\303\n'"))
        .await?;
    Ok(())
}

/// Succeed.
#[job(name = "succeed", roles = ["web", "dark"])]
async fn succeed(cx: Cx) -> Result {
    cx.shell().run(cmd!("true")).await?;
    Ok(())
}

/// Fail.
#[job(name = "fail", roles = ["web", "dark"])]
async fn fail(cx: Cx) -> Result {
    cx.shell()
        .run(cmd!("echo the disk is full >&2; exit 3"))
        .await?;
    Ok(())
}

/// Go wrong in the program itself.
#[job(name = "panic", roles = ["first"])]
async fn panic(_cx: Cx) {
    panic!("no such luck");
}

/// Go wrong in the program itself, after a while.
#[job(name = "panic-late", roles = ["first"])]
async fn panic_late(_cx: Cx) {
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    panic!("no such luck");
}

/// Let a stage fail and go on.
#[schedule(name = "forgive")]
async fn forgive(batch: Batch) -> Result {
    batch.run(jobs![fail]).on(["web"]).await.allow_failure();
    batch.run(jobs![succeed]).on(["web"]).await.into_result()?;
    Ok(())
}

/// Ask for a job that is not there.
#[schedule(name = "misled")]
async fn misled(batch: Batch) -> Result {
    batch.run(jobs!["no-such-job"]).await.into_result()
}

/// Go wrong in the schedule itself.
#[schedule(name = "give-up")]
async fn give_up(batch: Batch) -> Result {
    batch.run(jobs![succeed]).on(["web"]).await.into_result()?;
    Err(std::io::Error::other("no such luck").into())
}

ploy::main!();
