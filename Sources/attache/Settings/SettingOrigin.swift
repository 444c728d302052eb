/// Where the value of a setting comes from.
enum SettingOrigin: Sendable, Hashable, CustomStringConvertible {
    case flag
    /// A variable of the environment, by its name.
    case variable(String)
    /// `FILE:LINE`.
    case file(String)
    case fallback

    var description: String {
        switch self {
        case .flag: "flag"
        case .variable(let name): name
        case .file(let place): place
        case .fallback: "default"
        }
    }
}

extension Settings {
    /// What is set, and where; the same precedence as everywhere. Nothing is read out of the texts.
    ///
    /// - Parameter flags: what the command line gives for it.
    func found(_ setting: Setting, _ flags: [String]) -> (texts: [String], origin: SettingOrigin) {
        if !flags.isEmpty { return (flags, .flag) }
        if isInEnvironment(setting) { return (list(setting), .variable(setting.variable)) }
        guard let place = place(of: setting) else { return ([], .fallback) }
        return (list(setting), .file(place))
    }
}
