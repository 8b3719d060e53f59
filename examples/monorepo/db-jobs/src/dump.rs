//! Dumps of the databases, and the proof that they are there.

use ploy::prelude::*;

/// Dump each database, and remove its old dumps.
#[job(name = "dump-db", roles = ["db"])]
pub async fn dump(cx: Cx) -> Result {
    write(&cx).await?;
    let from = cx.var_or("keep", 7)? + 1;
    let old = cmd!(r#"ls -1 dumps/"$DATABASE"-* | sort -r | tail -n +{from} | xargs rm -f"#);
    cx.shell().run(old).await?;
    Ok(())
}

/// Dump the databases while a new release is uploaded: an action of this crate in a job of another.
#[action(job = web_jobs::upload, roles = ["db"])]
async fn dump_before_release(cx: Cx) -> Result {
    write(&cx).await
}

async fn write(cx: &Cx) -> Result {
    let run = cx.batch_id();
    let folder = cx.path();
    cx.shell()
        .run(cmd!("mkdir -p {folder}/dumps"))
        .cwd("/")
        .await?;
    // Stands for a real `pg_dump "$DATABASE"`. `DATABASE` is in the environment of every command of these sites.
    cx.shell()
        .run(cmd!(
            r#"echo "-- the tables of $DATABASE" > dumps/"$DATABASE"-{run}.sql"#
        ))
        .await?;
    Ok(())
}

/// Verify that each database has a dump which is not empty.
#[job(name = "verify-backup", roles = ["db"])]
pub fn verify(cx: Cx) -> Result {
    let shell = cx.blocking(); // this is a plain function: it may block, and its commands wait
    let newest = shell.run(cmd!(
        r#"ls -1 dumps 2>/dev/null | grep "^$DATABASE-" | sort -r | head -n 1"#
    ))?;
    let newest = newest.text();
    if newest.is_empty() {
        cx.fail("there is no dump");
        return Ok(());
    }
    let size: u64 = shell
        .run(cmd!("wc -c < dumps/{newest}"))?
        .text()
        .trim()
        .parse()?;
    if size == 0 {
        cx.fail(format_args!("the dump {newest} is empty"));
    }
    cx.report(format_args!("{newest}, {size} bytes"));
    Ok(())
}
