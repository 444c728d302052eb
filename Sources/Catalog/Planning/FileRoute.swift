import JSON

/// The provider calls that take the caller's file.
package struct FileRoute: Sendable {
    /// Steps before the call itself.
    package var steps: [IntegrationMethod] = []
    /// The call itself, or each that it may be.
    package var main: [IntegrationMethod] = []

    /// Whether the call itself only reads what a step has made.
    private let isReadBack: Bool

    package var methods: [IntegrationMethod] { steps + main }

    init(_ mapping: Mapping, _ integration: Integration) {
        for step in mapping.before + mapping.sources.flatMap(\.before) where step.config.takesFile {
            steps += step.methods(of: integration)
        }
        let possible = MethodPlan.possibleMethods(mapping, integration)
        isReadBack = possible.allSatisfy { $0.httpMethod == "GET" }
        // A stream can be read once: where a step takes the file, the call does not.
        guard steps.isEmpty else { return }
        main = possible
    }

    /// How the file reaches the provider; nil where no call takes one.
    package var kind: String? {
        guard let first = methods.first else { return nil }
        if methods.contains(where: { $0.fetchedFile != nil }) { return "url" }
        if steps.contains(where: \.isPresigned) { return "presigned" }
        if !steps.isEmpty, !isReadBack { return "two_step" }
        switch first.bodyFormat {
        case .multipart: return "multipart"
        case .raw: return "raw"
        case .json, .xml, .form: return "base64"
        }
    }

    /// Bytes of the largest file that one of the calls takes; nil where one of them states no limit.
    var largestFile: Int? {
        let limits = methods.map(\.largestFile)
        return limits.contains(nil) ? nil : limits.compactMap(\.self).max()
    }
}

extension IntegrationMethod {
    /// Whether the call goes, without the account's credentials, to an address that came with the call.
    fileprivate var isPresigned: Bool { noAuth && (url ?? baseURL)?.isAddressedByCall == true }
}

extension Mapping.StepConfig {
    var takesFile: Bool {
        switch self {
        case .template(let tree): tree.placeholders.contains { $0.paths.contains(["body", "file"]) }
        case .expression(let expression): Self.namesFile(expression.source)
        }
    }

    /// Whether an expression reads `body.file` itself, and not a member of it.
    private static func namesFile(_ source: String) -> Bool {
        source.ranges(of: "body.file").contains { range in
            guard let next = source[range.upperBound...].first else { return true }
            return !(next == "." || next == "_" || next.isLetter || next.isNumber)
        }
    }
}
