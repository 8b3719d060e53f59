//! All keys, in any order.

#![deny(warnings, clippy::all, clippy::pedantic)]

mod fleet {
    ploy::sites! {
        site local {}
    }
}

mod made {
    use ploy::Result;
    use ploy::catalogue::Catalogue;
    use ploy::topology::{Settings, Topology};

    pub async fn prepare(topology: &mut Topology, catalogue: &mut Catalogue) -> Result {
        std::future::ready(()).await;
        topology.add("made", Settings::new());
        let _ = catalogue;
        Ok(())
    }
}

/// Not the real `main`, which would read the command line.
#[allow(dead_code)]
mod deploy {
    use super::{fleet, made};

    ploy::main! {
        setup: made::prepare,
        uses: [anyhow, tokio],
        topology: fleet::topology,
    }
}

fn main() {}
