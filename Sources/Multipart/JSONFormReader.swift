public import NIOCore
public struct JSONFormReader: Sendable {
    public init(bodyLength: Int? = nil, limits: FormLimits = .standard) {}
    public mutating func append(_ chunk: ByteBuffer) {}
    public mutating func finish() {}
    public mutating func next() throws(FormError) -> FormEvent? { nil }
}
