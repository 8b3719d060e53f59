//! Snippets of the chapter on sudo, passwords and secrets.

use ploy::prelude::*;

/// Use a token that is in no argument and no environment: `--token-file FILE`.
#[job(name = "use-token", roles = ["web"])]
async fn use_token(cx: Cx, token: Secret) -> Result {
    let length = cx
        .local()
        .run(cmd!(r#"wc -c < "$TOKEN_FILE""#))
        .secret_file("TOKEN_FILE", &token)
        .await?;
    cx.report(format_args!("the token has {} bytes", length.text().trim()));
    Ok(())
}
