import JSON

extension Mapping.Step {
    /// The calls that the step may make, as far as their names are written down and not computed.
    func methods(of integration: Integration) -> [IntegrationMethod] {
        guard kind == .request else { return [] }
        return config.names(of: "resource").flatMap { resource in
            (config.has("method") ? config.names(of: "method") : ["get"]).compactMap { method in
                integration.resources[resource]?.methods[method]
            }
        }
    }

    /// Whether it names a call, and none that there is.
    func namesNoCall(of integration: Integration) -> Bool {
        guard kind == .request, !config.names(of: "resource").isEmpty else { return false }
        let isNamed = !config.has("method") || !config.names(of: "method").isEmpty
        return isNamed && methods(of: integration).isEmpty
    }
}

extension Mapping.StepConfig {
    fileprivate func has(_ member: String) -> Bool {
        switch self {
        case .template(let tree): tree.member(member) != nil
        case .expression(let expression): expression.source.contains("\"\(member)\"")
        }
    }

    /// What a member may be: of `cond ? "a" : "b"` both.
    ///
    /// Texts of the condition are among them; they name no call.
    fileprivate func names(of member: String) -> [String] {
        switch self {
        case .template(let tree):
            guard case .constant(let value)? = tree.member(member) else { return [] }
            return value.string.map { [$0] } ?? []
        case .expression(let expression): return Self.texts(behind: member, in: expression.source)
        }
    }

    /// The texts that stand behind `"name":` in an object constructor, up to its next member.
    private static func texts(behind name: String, in source: String) -> [String] {
        guard let key = source.firstRange(of: "\"\(name)\"") else { return [] }
        var texts: [String] = []
        var open: (quote: Character, text: String)?
        var depth = 0
        for character in source[key.upperBound...] {
            if let (quote, text) = open {
                if character == quote { texts.append(text) }
                open = character == quote ? nil : (quote, text + String(character))
                continue
            }
            switch character {
            case "\"", "'": open = (character, "")
            case "(", "[", "{": depth += 1
            case ")", "]", "}":
                if depth == 0 { return texts }
                depth -= 1
            case "," where depth == 0: return texts
            default: break
            }
        }
        return texts
    }
}

extension JSONTemplate {
    fileprivate func member(_ name: String) -> JSONTemplate? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == name }?.value
    }
}
