//! What a setting takes, in words.

use ploy_syntax::setting::SettingKind;

/// What stands behind "takes" in a message.
pub(super) fn takes(kind: SettingKind) -> &'static str {
    match kind {
        SettingKind::Text | SettingKind::Path | SettingKind::Word => "a string",
        SettingKind::Port => "a number from 1 to 65535",
        SettingKind::Count => "a number from 1",
        SettingKind::Duration => "a `Duration`, such as `Duration::from_secs(10)`",
        SettingKind::Flag => "`true` or `false`",
        SettingKind::Roles => "a list of roles: `[\"web\", \"db\"]`",
        SettingKind::Env | SettingKind::Vars => "a table: `{ key: value }`",
    }
}
