//! Loads the sites and jobs of a deploy binary: those that are linked, and what `setup` adds.

use std::future::Future;
use std::pin::Pin;

use crate::error::CliError;
use ploy_core::error::{Error, Problem};
use ploy_core::topology::Topology;
use ploy_runtime::engine::Catalogue;
use ploy_runtime::engine::registration as linked;

/// What a setup function returns, boxed.
pub type SetupFuture<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

/// A function that adds sites and jobs.
pub(crate) type Setup = for<'a> fn(&'a mut Topology, &'a mut Catalogue) -> SetupFuture<'a>;

/// Where the sites come from, and what adds to them.
#[derive(Clone, Copy, Default)]
pub(crate) struct Loader {
    pub(crate) topology: Option<fn() -> Topology>,
    pub(crate) setup: Option<Setup>,
}

impl Loader {
    /// The sites, and these jobs with those that `setup` adds.
    pub(crate) async fn load(
        self,
        mut catalogue: Catalogue,
    ) -> Result<(Topology, Catalogue), CliError> {
        let mut topology = self.topology()?;
        if let Some(setup) = self.setup {
            setup(&mut topology, &mut catalogue)
                .await
                .map_err(CliError::Setup)?;
        }
        Ok((topology, catalogue))
    }

    /// The sites before `setup` adds to them.
    pub(crate) fn topology(self) -> Result<Topology, Problem> {
        if let Some(make) = self.topology {
            return Ok(make());
        }
        let mut found = linked::topologies();
        match found.pop() {
            None => Ok(Topology::new()),
            Some((_, topology)) if found.is_empty() => Ok(topology),
            Some(last) => {
                let places: Vec<String> = found
                    .iter()
                    .chain([&last])
                    .map(|(source, _)| source.to_string())
                    .collect();
                Err(Problem::new(format!(
                    "there are several topologies: {}",
                    places.join(", ")
                ))
                .with_hint("say which: `ploy::main! { topology: path::to::topology }`"))
            }
        }
    }
}
