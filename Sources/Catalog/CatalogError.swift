/// Why a definition could not be loaded, planned or applied to a call.
///
/// Compare with the static members: `error.code == .unknownMethod`. More codes may come.
package struct CatalogError: Error, Sendable, Hashable, CustomStringConvertible {
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Name: String {
            case unknownModel = "unknown_model"
            case unknownResource = "unknown_resource"
            case unknownMethod = "unknown_method"
            case unknownIntegration = "unknown_integration"
            case notMapped = "not_mapped"
            case invalidDefinition = "invalid_definition"
            case unreadable = "unreadable"
            case expressionFailed = "expression_failed"
            case unresolvedPlaceholder = "unresolved_placeholder"
            case unsafeValue = "unsafe_value"
            case invalidHeader = "invalid_header"
            case badCursor = "bad_cursor"
            case badResponse = "bad_response"
            case hostNotAllowed = "host_not_allowed"
            case tooExpensive = "too_expensive"
            case cancelled = "cancelled"
        }

        private let name: Name
        private init(_ name: Name) { self.name = name }

        package var description: String { name.rawValue }

        package static let unknownModel = Code(.unknownModel)
        package static let unknownResource = Code(.unknownResource)
        package static let unknownMethod = Code(.unknownMethod)
        package static let unknownIntegration = Code(.unknownIntegration)
        /// The model has the method, the integration has no mapping for it.
        package static let notMapped = Code(.notMapped)
        /// A definition or an override breaks its shape; `faults` say where.
        package static let invalidDefinition = Code(.invalidDefinition)
        /// A definition file or folder could not be read.
        package static let unreadable = Code(.unreadable)
        /// A mapping expression did not compile or evaluate.
        package static let expressionFailed = Code(.expressionFailed)
        /// A placeholder of a URL or header has no value.
        package static let unresolvedPlaceholder = Code(.unresolvedPlaceholder)
        /// A value would change the meaning of the URL or header it is put into.
        package static let unsafeValue = Code(.unsafeValue)
        /// A name or value that no header field can have.
        package static let invalidHeader = Code(.invalidHeader)
        /// The caller's `next_cursor` was not made by this gateway.
        package static let badCursor = Code(.badCursor)
        /// The provider's response says something that cannot be followed.
        package static let badResponse = Code(.badResponse)
        /// Credentials would go to a host that is neither the definition's nor one that the operator lists.
        package static let hostNotAllowed = Code(.hostNotAllowed)
        /// The expressions of a call need more time or memory than one call may use.
        package static let tooExpensive = Code(.tooExpensive)
        /// The caller went away while an expression was evaluated.
        package static let cancelled = Code(.cancelled)
    }

    package var code: Code
    /// A sentence for people; never parsed by programs.
    package var message: String
    /// For `invalidDefinition`: each fault with its place.
    package var faults: [DefinitionFault]
    /// For `unresolvedPlaceholder`, and `unsafeValue` where one is at fault: the placeholder without its braces.
    package var placeholder: String?

    package init(_ code: Code, _ message: String, faults: [DefinitionFault] = [], placeholder: String? = nil) {
        self.code = code
        self.message = message
        self.faults = faults
        self.placeholder = placeholder
    }

    package var description: String {
        faults.isEmpty ? message : ([message] + faults.map { "  \($0)" }).joined(separator: "\n")
    }
}
