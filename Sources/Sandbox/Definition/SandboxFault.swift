/// One thing wrong with a sandbox's file, at its place.
public struct SandboxFault: Sendable, Hashable {
    /// Where in the document: `["routes", "3", "do"]`.
    public var path: [String]
    public var message: String
}
