/// A setting as it applies: what 'attache config show' prints, and what a reload compares.
struct EffectiveSetting: Sendable, Hashable {
    var setting: Setting
    /// None where nothing is set and there is no default.
    var texts: [String]
    var origin: SettingOrigin

    /// Every setting, in the order of `Setting`.
    static func all(_ settings: Settings, _ options: ServeOptions) -> [EffectiveSetting] {
        let directory = settings.text(.dataDirectory, options.database.dataDir) ?? "attache-data"
        return Setting.allCases.map { setting in
            let (texts, origin) = settings.found(setting, options.flags(setting))
            guard texts.isEmpty, origin == .fallback else {
                return EffectiveSetting(setting: setting, texts: texts, origin: origin)
            }
            let fallback = setting.fallback(directory: directory).map { [$0] }
            return EffectiveSetting(setting: setting, texts: fallback ?? [], origin: .fallback)
        }
    }

    /// Without what is secret: the master key, and the password in a database's address.
    var visibleTexts: [String] {
        switch setting {
        case .masterKey: texts.isEmpty ? [] : ["(set)"]
        case .database: texts.map(DatabasePlace.withoutPassword)
        default: texts
        }
    }
}
