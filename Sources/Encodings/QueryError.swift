/// Why the names of a query or of a form's fields cannot be read.
package struct QueryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of fault it is.
    package enum Code: Sendable { case tooMany, tooDeep }

    package let code: Code
    /// One sentence without a full stop.
    package let description: String
    /// The beginning of the name at fault, where there is one.
    package let name: String?

    init(_ code: Code, _ description: String, name: String? = nil) {
        self.code = code
        self.description = description
        self.name = name
    }
}
