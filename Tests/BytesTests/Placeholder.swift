import Testing

@Suite struct BytesPlaceholder {}
