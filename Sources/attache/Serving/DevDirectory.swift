import FoundationEssentials

/// Where `attache dev` keeps its database: a folder for one run, or one that stays.
struct DevDirectory: Sendable {
    let path: String
    private let isTemporary: Bool

    init(_ given: String?) throws(CommandError) {
        isTemporary = given == nil
        path =
            given
            ?? FileManager.default.temporaryDirectory.appendingPathComponent("attache-dev-\(UUID().uuidString)").path
    }

    /// Removes the folder, unless it is to stay.
    func remove() {
        if isTemporary { try? FileManager.default.removeItem(atPath: path) }
    }
}
