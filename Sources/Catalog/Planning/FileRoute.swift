import JSON

/// The provider calls that take the caller's file.
package struct FileRoute: Sendable {
    /// Steps before the call itself.
    package var steps: [IntegrationMethod] = []
    /// The call itself, or each that it may be.
    package var main: [IntegrationMethod] = []

    package var methods: [IntegrationMethod] { steps + main }

    init(_ mapping: Mapping, _ integration: Integration) {
        for step in mapping.before + mapping.sources.flatMap(\.before) where step.config.takesFile {
            guard let (resource, method) = step.config.target, let found = integration.resources[resource]?.methods[method]
            else { continue }
            steps.append(found)
        }
        // A stream can be read once: where a step takes the file, the call does not.
        guard steps.isEmpty else { return }
        main = MethodPlan.possibleMethods(mapping, integration)
    }

    /// How the file reaches the provider; nil where no call takes one.
    package var kind: String? {
        guard let first = methods.first else { return nil }
        if methods.contains(where: { $0.fetchedFile != nil }) { return "url" }
        if !steps.isEmpty { return steps.contains(where: \.isPresigned) ? "presigned" : "two_step" }
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

    /// Names of the call, where they are written down and not computed.
    var target: (resource: String, method: String)? {
        switch self {
        case .template(let tree):
            guard let resource = tree.constantMember("resource") else { return nil }
            return (resource, tree.constantMember("method") ?? "get")
        case .expression(let expression):
            guard let resource = Self.member("resource", in: expression.source) else { return nil }
            return (resource, Self.member("method", in: expression.source) ?? "get")
        }
    }

    /// Whether an expression reads `body.file` itself, and not a member of it.
    private static func namesFile(_ source: String) -> Bool {
        source.ranges(of: "body.file").contains { range in
            guard let next = source[range.upperBound...].first else { return true }
            return !(next == "." || next == "_" || next.isLetter || next.isNumber)
        }
    }

    /// The text that stands behind `"name":` in an object constructor.
    private static func member(_ name: String, in source: String) -> String? {
        guard let key = source.firstRange(of: "\"\(name)\"") else { return nil }
        let rest = source[key.upperBound...].drop { $0.isWhitespace || $0 == ":" }
        guard let quote = rest.first, quote == "\"" || quote == "'" else { return nil }
        return String(rest.dropFirst().prefix { $0 != quote })
    }
}

extension JSONTemplate {
    fileprivate func constantMember(_ name: String) -> String? {
        guard case .object(let members) = self, let member = members.first(where: { $0.key == name }),
            case .constant(let value) = member.value
        else { return nil }
        return value.string
    }
}
