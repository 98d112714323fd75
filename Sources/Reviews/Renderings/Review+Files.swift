extension Review {
  /// The pages that a review is handed over as, in the order they are written: the page to read and
  /// print, the page for a wiki or a merge request, and the contract for programs.
  public var pages: [(name: String, text: String)] {
    [("review.html", html()), ("review.md", markdown()), ("review.json", json())]
  }
}
