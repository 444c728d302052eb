import Accounts
import Gateway
import Logging
import Synchronization
import Upstream

/// What can change in a gateway that runs.
struct ReloadedValues: Sendable {
    var configuration: GatewayConfiguration
    var egress: EgressPolicy
    var bounds: CallLogService.Bounds
    var level: Logger.Level
    var tls: TLSFiles?
}

/// Reads the settings again, and says what of them is new.
final class SettingsReload: Sendable {
    struct Change: Sendable {
        var values: ReloadedValues
        /// What is new and can be applied.
        var applied: [Setting]
        /// What is new and waits for a restart.
        var waiting: [Setting]
    }

    private let options: ServeOptions
    private let environment: [String: String]
    /// As the gateway runs with them.
    private let running: Mutex<[Setting: [String]]>

    init(_ options: ServeOptions, _ settings: Settings, environment: [String: String] = Environment.current) {
        self.options = options
        self.environment = environment
        running = Mutex(Self.texts(settings, options))
    }

    /// - Throws: what is wrong with the settings now; then nothing is to be applied.
    func read() throws(CommandError) -> Change {
        let settings = try Settings.load(config: options.database.config, environment: environment)
        let values = ReloadedValues(
            configuration: try options.gateway.configuration(settings), egress: try options.gateway.egress(settings),
            bounds: try options.gateway.observing.observing(settings).bounds,
            level: try options.gateway.logLevel(settings, fallback: .info), tls: try options.tls.files(settings))
        let texts = Self.texts(settings, options)
        return running.withLock { running in
            let new = Setting.allCases.filter { texts[$0] != running[$0] }
            // What listens in plain cannot turn to TLS under its clients, nor back.
            let turnsTLS = (running[.tlsCertificate]?.isEmpty == false) != (values.tls != nil)
            let applied = new.filter { $0.isReloadable && !(turnsTLS && [.tlsCertificate, .tlsKey].contains($0)) }
            for setting in applied { running[setting] = texts[setting] }
            return Change(values: values, applied: applied, waiting: new.filter { !applied.contains($0) })
        }
    }

    private static func texts(_ settings: Settings, _ options: ServeOptions) -> [Setting: [String]] {
        Dictionary(uniqueKeysWithValues: EffectiveSetting.all(settings, options).map { ($0.setting, $0.texts) })
    }
}
