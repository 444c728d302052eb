import Logging
import ServiceLifecycle
import UnixSignals

/// Reloads the settings at each SIGHUP, and says in the log what came of it.
struct HangupService: Service {
    let reload: SettingsReload
    /// Brings what is new into the running gateway; throws where it has to leave the old in place.
    let apply: @Sendable (ReloadedValues) throws -> Void
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() { once() }
    }

    func once() {
        let change: SettingsReload.Change
        do {
            change = try reload.read()
            try apply(change.values)
        } catch {
            return logger.error(
                "The settings were not reloaded", metadata: ["error": .string(CommandError(explaining: error).description)])
        }
        logger.notice("Reloaded the settings", metadata: ["changed": .string(Self.names(change.applied))])
        guard !change.waiting.isEmpty else { return }
        logger.warning("Some changed settings need a restart", metadata: ["settings": .string(Self.names(change.waiting))])
    }

    private static func names(_ settings: [Setting]) -> String {
        settings.isEmpty ? "none" : settings.map(\.name).joined(separator: ", ")
    }
}
