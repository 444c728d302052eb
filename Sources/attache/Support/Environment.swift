import FoundationEssentials

/// The process's environment variables.
enum Environment {
    static var current: [String: String] { ProcessInfo.processInfo.environment }
}
