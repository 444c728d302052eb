import ArgumentParser

/// The rule of every `--port`.
enum PortFlag {
    static func check(_ port: Int?) throws {
        guard let port, !Settings.ports.contains(port) else { return }
        throw ValidationError("--port is \(port); ports go from 0 to 65535")
    }
}
