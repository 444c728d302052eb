extension IntegrationMethod {
    /// Whether it only reads (RFC 9110 §9.2.1), by its HTTP method.
    package var isSafe: Bool { httpMethod == "GET" || httpMethod == "HEAD" }

    /// Whether the call may change something that stays, or that a repeat would change once more.
    ///
    /// - Parameter isMain: whether it is the call itself, and not a step before or after it. A step that may be sent twice, or
    ///   whose result goes by itself, leaves nothing behind that a repeat of the whole would have to know of: vendors that
    ///   read by POST say so by `idempotent`. Of the call itself it has to be known whether it was carried out.
    package func mayChange(isMain: Bool) -> Bool {
        if isSafe { return false }
        return isMain || !(idempotent == true || isTemporary)
    }
}
