import Testing

@Suite struct ReviewsPlaceholder {}
