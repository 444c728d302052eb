@_spi(Engine) import JSON

/// A function's parameter types, as in `<s-n?:s>`: checked and completed against the arguments of each call.
public struct Signature: Sendable, Hashable {
    /// Letters of values: what one argument is. `m` stands for a missing one.
    struct Types: OptionSet, Hashable, Sendable {
        let rawValue: UInt16
        static let string = Types(rawValue: 1), number = Types(rawValue: 2), boolean = Types(rawValue: 4)
        static let null = Types(rawValue: 8), object = Types(rawValue: 16), array = Types(rawValue: 32)
        static let function = Types(rawValue: 64), missing = Types(rawValue: 128)
        static let json: Types = [.string, .number, .boolean, .null, .object, .array, .missing]
        static let any: Types = [.json, .function]

        static func of(_ value: Value) -> Types {
            switch value.tag {
            case .undefined: .missing
            case .null: .null
            case .true, .false: .boolean
            case .number: .number
            case .string: .string
            case .array: .array
            case .object, .host: .object
            case .function: .function
            }
        }

        init(rawValue: UInt16) { self.rawValue = rawValue }

        init?(letter: Character) {
            switch letter {
            case "s": self = .string
            case "n": self = .number
            case "b": self = .boolean
            case "l": self = .null
            case "o": self = .object
            case "a": self = .array
            case "f": self = .function
            default: return nil
            }
        }
    }

    struct Parameter: Hashable, Sendable {
        var types: Types
        var isArray = false
        var optional = false
        var repeats = false
        /// The types the context value may have when it stands in for a missing argument.
        var context: Types?
        /// What an array's items must be; `text` is the same for messages.
        var itemTypes: Types?
        var itemText = ""
    }

    /// What the quick check needs of a parameter.
    struct Check {
        var types: UInt16
        var itemTypes: UInt16
        var isArray: Bool
        /// Whether the argument may be left out and nothing takes its place.
        var mayBeAbsent: Bool

        init(_ parameter: Parameter) {
            types = parameter.types.rawValue
            itemTypes = parameter.itemTypes?.rawValue ?? 0
            isArray = parameter.isArray
            mayBeAbsent = parameter.optional && parameter.context == nil
        }
    }

    let text: String
    let parameters: [Parameter]

    /// - Throws: S0401 for a type parameter on a type that takes none, S0402 for one inside a choice.
    public init(_ text: String) throws(JSONataError) {
        self.text = text
        let letters = Array(text)
        var parameters: [Parameter] = []
        var at = 1
        func closing(_ open: Character, _ close: Character, from start: Int) -> Int {
            var depth = 1
            var index = start
            while index + 1 < letters.count, depth > 0 {
                index += 1
                if letters[index] == close { depth -= 1 } else if letters[index] == open { depth += 1 }
            }
            return index
        }
        reading: while at < letters.count {
            switch letters[at] {
            case ":", ">": break reading
            case "s", "n", "b", "l", "o":
                if let type = Types(letter: letters[at]) { parameters.append(Parameter(types: type.union(.missing))) }
            case "a": parameters.append(Parameter(types: .any, isArray: true))
            case "f": parameters.append(Parameter(types: .function))
            case "j": parameters.append(Parameter(types: .json))
            case "x": parameters.append(Parameter(types: .any))
            case "-":
                if let last = parameters.indices.last {
                    parameters[last].context = parameters[last].types
                    parameters[last].optional = true
                }
            case "?":
                if let last = parameters.indices.last { parameters[last].optional = true }
            case "+":
                if let last = parameters.indices.last { parameters[last].repeats = true }
            case "(":
                let end = closing("(", ")", from: at)
                let choice = letters[(at + 1)..<max(end, at + 1)]
                guard !choice.contains("<") else {
                    throw JSONataError(
                        "S0402", "a choice of types cannot hold type parameters", position: at,
                        token: String(choice), value: .string(String(choice))
                    )
                }
                var types = Types.missing
                for letter in choice {
                    if letter == "j" { types.formUnion(.json) }
                    if letter == "x" { types.formUnion(.any) }
                    if let type = Types(letter: letter) { types.formUnion(type) }
                }
                parameters.append(Parameter(types: types))
                at = end
            case "<":
                let end = closing("<", ">", from: at)
                guard let last = parameters.indices.last,
                    parameters[last].isArray || parameters[last].types == .function
                else {
                    throw JSONataError(
                        "S0401", "type parameters belong to functions and arrays only", position: at,
                        token: at > 0 ? String(letters[at - 1]) : nil
                    )
                }
                if parameters[last].isArray, let first = letters[(at + 1)..<end].first {
                    parameters[last].itemText = String(letters[(at + 1)..<end])
                    // Items are of one of the plain types, or none fits.
                    parameters[last].itemTypes = Types(letter: first) ?? []
                }
                at = end
            default: break
            }
            at += 1
        }
        self.parameters = parameters
    }
}
