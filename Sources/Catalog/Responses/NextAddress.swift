import Encodings

/// The address of the next page, as a response gives it: of it only the query is used, behind the request's own path.
enum NextAddress {
    /// The query of `address`, which may be whole, or relative to the request.
    ///
    /// - Throws: `badResponse` for an address at another host: to follow it would carry credentials there, and to
    ///   ignore it would cut the list short.
    static func query(_ address: String, _ request: OutgoingRequest) throws(CatalogError) -> String? {
        // The scheme is left out: providers print `http` behind proxies, and the next request has the definition's own.
        if let host = AddressText.authority(of: address), host != AddressText.authority(of: request.url) {
            throw CatalogError(.badResponse, "the provider says that the next page is at another host than this one")
        }
        guard let mark = address.firstIndex(of: "?") else { return nil }
        return withoutSecrets(String(address[address.index(after: mark)...].prefix { $0 != "#" }), request)
    }

    /// Without parameters that carry the account's credentials: a cursor goes to the caller.
    static func withoutSecrets(_ query: String, _ request: OutgoingRequest) -> String {
        guard !request.secretQuery.isEmpty else { return query }
        let secrets = Set(request.secretQuery.map(\.name))
        return URLEncodedForm.text(URLEncodedForm.pairs(query).filter { !secrets.contains($0.name) })
    }
}
