import Testing

@Suite struct DetectorsPlaceholder {}
