/// A command that could not do its work: one line of what is wrong and one of what to do.
///
/// The process ends with 1.
struct CommandError: Error, CustomStringConvertible {
    var message: String
    var remedy: String?

    init(_ message: String, do remedy: String? = nil) {
        self.message = message
        self.remedy = remedy
    }

    var description: String {
        guard let remedy else { return message }
        return [".", "?", "!"].contains(where: message.hasSuffix) ? "\(message) \(remedy)" : "\(message). \(remedy)"
    }
}
