//! Filling in a template, and writing it on a site.

use std::borrow::Cow;
use std::panic::Location;
use std::path::{Path, PathBuf};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, ValueKind, merge_maps};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use serde::Serialize;

use super::WriteFile;
use crate::error::{Failure, Kind};
use crate::shell::{Shell, quoted};
use crate::topology::Site;

/// A text with places to fill in, in the language of
/// [Jinja](https://docs.rs/minijinja/latest/minijinja/syntax/): `{{ value }}`, `{% if %}`, `{% for
/// %}`, `{# #}`.
///
/// Nothing is escaped, the line break at the end is kept, and a line with nothing but `{% %}` or
/// `{# #}` leaves none. A value that is not defined is an error, unless the template says `{{ value
/// | default("") }}`. Besides minijinja's own filters there is `quote`, which makes one word of the
/// shell of a value. A template is one text: there is no `{% include %}`, `{% import %}` or `{%
/// extends %}`.
#[derive(Clone, Debug)]
pub struct Template {
    source: TemplateSource,
}

#[derive(Clone, Debug)]
enum TemplateSource {
    File(PathBuf),
    Text {
        name: String,
        text: Cow<'static, str>,
    },
}

impl Template {
    /// A file of this machine, read each time the template is used. A relative path hangs on the
    /// current directory.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        let source = TemplateSource::File(path.into());
        Template { source }
    }

    /// A text, such as `include_str!("nginx.conf")`, which is then part of the binary. Errors name
    /// the place in the source from which this was called.
    #[track_caller]
    pub fn text(text: impl Into<Cow<'static, str>>) -> Self {
        let at = Location::caller();
        let name = format!("template of {}:{}", at.file(), at.line());
        let text = text.into();
        let source = TemplateSource::Text { name, text };
        Template { source }
    }

    /// Its name, for errors, and its text.
    async fn load(self, headline: &str) -> Result<(String, Cow<'static, str>), Failure> {
        let path = match self.source {
            TemplateSource::File(path) => path,
            TemplateSource::Text { name, text } => return Ok((name, text)),
        };
        let name = path.display().to_string();
        match tokio::fs::read_to_string(Shell::local_path(&path)).await {
            Ok(text) => Ok((name, text.into())),
            Err(error) => {
                let cause = format!("cannot read {name}: {error}");
                Err(Failure::new(Kind::Usage, headline, cause))
            }
        }
    }
}

/// What a template is told of its site.
#[derive(Serialize)]
struct SiteFacts<'a> {
    name: &'a str,
    host: Option<&'a str>,
    user: Option<&'a str>,
    port: Option<u16>,
    path: Option<&'a str>,
    vars: &'a std::collections::BTreeMap<String, crate::topology::Value>,
}

impl Shell {
    /// Fills in a template and writes it to a file on the site, as [`write`](Shell::write) does.
    ///
    /// `context` has the values: anything that serde can serialize to a map, or what the macro
    /// [`context!`](crate::context) makes. The template also knows `site`, unless the context has a
    /// value of that name: `site.name`, `site.host`, `site.user`, `site.port`, `site.path` and
    /// `site.vars`.
    ///
    /// ```
    /// # use ploy::transfer::{Template, context};
    /// # use ploy::{Cx, Result, Script};
    /// # async fn example(cx: Cx) -> Result {
    /// let page = Template::text("server_name {{ site.name }};\nlisten {{ port }};\n");
    /// let written = cx
    ///     .shell()
    ///     .template(page, "/etc/nginx/conf.d/app.conf", context!(port => 8080))
    ///     .mode(0o644)
    ///     .await?;
    /// if written.changed {
    ///     cx.shell().run(Script::raw("systemctl reload nginx")).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Awaiting it fails as with `write`, and with [`Kind::Usage`](crate::error::Kind::Usage) if
    /// the template cannot be read or filled in: the error names its line.
    #[track_caller]
    pub fn template(
        &self,
        template: Template,
        path: impl Into<String>,
        context: impl Serialize,
    ) -> WriteFile {
        let path = path.into();
        let headline = format!("cannot fill in {path} for {}", self.name());
        let (context, facts) = (Value::from(Serde(context)), site_facts(&self.0.site));
        let content = async move {
            if !matches!(context.kind(), ValueKind::Map | ValueKind::None) {
                let cause = format!("the context is no map but {}: {context}", context.kind());
                return Err(Failure::new(Kind::Usage, headline, cause));
            }
            // The last one goes before.
            let context = merge_maps([facts, context]);
            let (name, text) = template.load(&headline).await?;
            match render(&name, &text, context) {
                Ok(text) => Ok(text.into_bytes()),
                Err(error) => Err(failure(headline, &name, &text, &error)),
            }
        };
        WriteFile::new(self.clone(), path, Box::pin(content), Location::caller())
    }
}

fn site_facts(site: &Site) -> Value {
    let facts = SiteFacts {
        name: site.name(),
        host: site.host.as_deref(),
        user: site.user.as_deref(),
        port: site.port,
        path: site.path.as_deref(),
        vars: &site.vars,
    };
    minijinja::context!(site => Value::from(Serde(facts)))
}

fn render(name: &str, text: &str, context: Value) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder()
        .keep_trailing_newline(true)
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()?;
    environment.set_syntax(syntax);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.add_filter("quote", |value: String| {
        String::from_utf8_lossy(&quoted(value.as_bytes())).into_owned()
    });
    environment.render_named_str(name, text, context)
}

fn failure(headline: String, name: &str, text: &str, error: &minijinja::Error) -> Failure {
    let mut what = error.kind().to_string();
    if let Some(detail) = error.detail() {
        what = format!("{what}: {detail}");
    }
    let line = error.line().unwrap_or(1);
    let source = text.lines().nth(line - 1).unwrap_or_default().trim();
    let cause = format!(
        "{}, line {line}: {what}, in `{source}`",
        Path::new(name).display()
    );
    let failure = Failure::new(Kind::Usage, headline, cause);
    match error.kind() {
        minijinja::ErrorKind::UndefinedError => failure.with_hint(
            "give the value in the context, or write `| default(..)` behind it in the template",
        ),
        _ => failure,
    }
}
