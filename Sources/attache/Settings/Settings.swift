/// What the environment and the settings file say; a flag of the command line goes before both.
///
/// A setting has one name, `upload.max_bytes`; it is `ATTACHE_UPLOAD_MAX_BYTES` in the environment, and
/// `--max-upload-bytes` or alike on the command line.
struct Settings: Sendable {
    private let environment: [String: String]
    private let file: SettingsFile

    init(environment: [String: String], file: SettingsFile = .empty) {
        self.environment = environment
        self.file = file
    }

    /// The settings of this process; reads the file of `--config` or `ATTACHE_CONFIG`, if there is one.
    static func load(
        config: String?, environment: [String: String] = Environment.current
    ) throws(CommandError) -> Settings {
        let path = config ?? environment["ATTACHE_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        return Settings(environment: environment, file: try path.map(SettingsFile.read) ?? .empty)
    }

    /// The text of a setting: the flag's, else the environment's, else the file's.
    func text(_ setting: Setting, _ flag: String? = nil) -> String? {
        if let flag { return flag }
        if let value = environment[setting.variable], !value.isEmpty { return value }
        return file[setting]?.first
    }

    /// Whether the environment sets it.
    func isInEnvironment(_ setting: Setting) -> Bool { environment[setting.variable]?.isEmpty == false }

    /// Where the file sets it, as `FILE:LINE`; nil where it does not.
    func place(of setting: Setting) -> String? { file.place(of: setting) }

    /// A whole number in a range.
    func number(
        _ setting: Setting, _ flag: Int? = nil, in range: ClosedRange<Int> = 0...Int.max
    ) throws(CommandError) -> Int? {
        guard let text = text(setting, flag.map(String.init)) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            let wanted = range.upperBound == .max ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
            throw CommandError("\(setting.name) is '\(text)'", do: "Give a whole number \(wanted)")
        }
        return number
    }

    /// A TCP port to listen on; 0 picks one. Larger numbers would be cut to 16 bits on their way to the system.
    func port(_ flag: Int? = nil) throws(CommandError) -> Int? { try number(.port, flag, in: Self.ports) }

    static let ports = 0...65_535

    /// Variables of the environment that look like settings, and are none.
    var unknownVariables: [UnknownVariable] { UnknownVariable.all(in: environment) }

    /// A number of bytes: `1048576`, `30MB`, `5GiB`.
    func bytes(_ setting: Setting, _ flag: String? = nil) throws(CommandError) -> Int? {
        guard let text = text(setting, flag) else { return nil }
        guard let bytes = ByteCount.bytes(text) else {
            throw CommandError("\(setting.name) is '\(text)'", do: "Give a size such as 1048576, 30MB or 5GiB")
        }
        return bytes
    }

    /// The values of a setting that may have several; in the environment they are parted by commas.
    func list(_ setting: Setting, _ flags: [String] = []) -> [String] {
        if !flags.isEmpty { return flags }
        if let value = environment[setting.variable], !value.isEmpty {
            return value.split(separator: ",").map { String($0.drop { $0 == " " }) }
        }
        return file[setting] ?? []
    }

    /// Whether a setting is on; `flag` only ever turns it on.
    func isOn(_ setting: Setting, _ flag: Bool = false) throws(CommandError) -> Bool {
        if flag { return true }
        switch text(setting)?.lowercased() {
        case nil, "false", "0", "no", "off": return false
        case "true", "1", "yes", "on": return true
        case let other?: throw CommandError("\(setting.name) is '\(other)'", do: "Give true or false")
        }
    }
}
