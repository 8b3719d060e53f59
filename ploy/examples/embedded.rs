//! A program of one's own that runs a job, without the command line: `cargo run -p ploy --example
//! embedded`.

use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::event::{Event, Reporter};
use ploy::run::Runner;
use ploy::topology::{Settings, Topology};
use ploy::{Cx, Result, cmd};

/// Greet from the site.
async fn hello(cx: Cx) -> Result {
    let name = cx.site().name();
    cx.shell().run(cmd!("echo hello {name}")).await?;
    Ok(())
}

/// Prints every event.
struct Log;

impl Reporter for Log {
    fn report(&mut self, event: &Event) {
        println!("{} {:?}", event.number, event.kind);
    }
}

#[tokio::main]
async fn main() {
    let mut topology = Topology::new();
    topology
        .add("here", Settings::new().roles(["greeter"]))
        .add("there", Settings::new().roles(["greeter"]));
    let mut catalogue = Catalogue::new();
    catalogue.add("hello", ["greeter"], [Action::new(hello)]);
    assert!(catalogue.validate(&topology).is_empty());

    let stats = Runner::new(topology, catalogue)
        .reporter(Log)
        .run(|batch| async move { batch.run("hello").await.into_result() })
        .await;
    assert!(stats.is_ok());
    assert_eq!(stats.succeeded, 2);
}
