import Multipart

/// Which files a provider call takes: media types (`image/*` allowed) and extensions (`.pdf`).
struct AcceptedTypes: CustomStringConvertible {
    private let rules: [String]

    init(_ rules: [String]) { self.rules = rules.map { $0.lowercased() } }

    var description: String { rules.joined(separator: ", ") }

    /// A file is refused only by what is known of it: one without a name's extension and without a type passes.
    func allows(name: String?, contentType: String?) -> Bool {
        guard !rules.isEmpty else { return true }
        let type = contentType.flatMap(MediaType.init)?.essence
        let suffix = name.flatMap(Self.fileExtension)
        if let suffix, rules.contains(suffix) { return true }
        if let type, rules.contains(where: { matches(type, $0) }) { return true }
        let saysNothing = type == nil || type == "application/octet-stream"
        return saysNothing && suffix == nil
    }

    private func matches(_ type: String, _ rule: String) -> Bool {
        rule == type || rule.hasSuffix("/*") && type.hasPrefix(rule.dropLast())
    }

    /// `.pdf` of `cv.PDF`.
    private static func fileExtension(_ name: String) -> String? {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex, name.index(after: dot) != name.endIndex else {
            return nil
        }
        return name[dot...].lowercased()
    }
}
