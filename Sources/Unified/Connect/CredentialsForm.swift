package import Catalog
import Crypto
import Encodings
import FoundationEssentials
package import JSON
import Upstream

/// What a person entered into the fields of a credential, checked by the definition. Pure.
package struct CredentialsForm: Sendable {
    /// The values to keep in the account's context, by field.
    package private(set) var context = JSONObject()
    /// What is wrong, by field, in the order of the fields; sentences for the person.
    package private(set) var faults: [(field: String, message: String)] = []

    /// - Parameters:
    ///   - fields: those that the person was shown.
    ///   - values: texts by field name; others are ignored.
    package init(_ fields: [Credential.Field], values: JSONObject) {
        for field in fields { take(field, values[field.name]?.string ?? "") }
    }

    private static let longest = 10_000

    private mutating func take(_ field: Credential.Field, _ entered: String) {
        // Keys are pasted, and a space or a line's end comes along.
        let text = Self.trimmed(entered)
        guard !text.isEmpty else {
            let isChosen = field.kind == .singleSelect || field.optionsFrom != nil
            let verb = isChosen ? "Choose" : "Enter"
            if field.required { faults.append((field.name, "\(verb) \(Self.inSentence(field.label))")) }
            return
        }
        if let fault = Self.fault(text, field) {
            faults.append((field.name, fault))
        } else {
            context[field.name] = .string(Self.transformed(text, field.transform))
        }
    }

    private static func fault(_ text: String, _ field: Credential.Field) -> String? {
        guard text.utf8.count <= longest, text.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 }) else {
            return "\(field.label) holds characters that it cannot have, or is too long"
        }
        if field.kind == .singleSelect, !field.options.contains(where: { $0.value == text }) {
            return "Choose one of the options for \(field.label)"
        }
        let isRight =
            switch field.format {
            case "email":
                text.split(separator: "@", omittingEmptySubsequences: false).count == 2 && !text.hasPrefix("@")
                    && !text.hasSuffix("@") && !text.contains(" ")
            case "number": Double(text) != nil
            case "uuid": CommonParameters.isUUID(text)
            case "url": (try? TargetURL(text)) != nil
            // A pattern that is none is the definition's fault, not the person's.
            case "regex": field.pattern.flatMap { try? Regex($0) }.map { text.wholeMatch(of: $0) != nil } ?? true
            default: true
            }
        return isRight ? nil : "\(field.label) must be \(kind(field.format))"
    }

    private static func kind(_ format: String?) -> String {
        switch format {
        case "email": "an e-mail address"
        case "number": "a number"
        case "uuid": "an id such as 123e4567-e89b-42d3-a456-426614174000"
        case "url": "an address that starts with https://"
        default: "of the form that the help describes"
        }
    }

    /// A label behind "the": a capital that only begins the label goes, one of an abbreviation stays.
    private static func inSentence(_ label: String) -> String {
        let isAbbreviation = label.dropFirst().first?.isUppercase == true
        return "the " + (isAbbreviation ? label : label.prefix(1).lowercased() + label.dropFirst())
    }

    private static func trimmed(_ text: String) -> String {
        var text = Substring(text)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    private static func transformed(_ text: String, _ transform: String?) -> String {
        switch transform {
        case "lowercase": text.lowercased()
        case "uppercase": text.uppercased()
        case "sha256":
            Hex.text(SHA256.hash(data: Data(text.utf8)))
        default: text
        }
    }
}
