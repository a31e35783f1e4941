namespace RlhfV.Models.Tokenization;

/// <summary>Reads the <c>normalizer</c> part.</summary>
internal static class NormalizerReader
{
    public static TextNormalizer Read(JsonPart part)
    {
        JsonPart type = part.Required("type");
        return type.Text() switch
        {
            "Sequence" => new NormalizerSequence([.. part.Required("normalizers").Items().Select(Read)]),
            "Prepend" => new PrependNormalizer(part.Required("prepend").Text()),
            "Replace" => new ReplaceNormalizer(LiteralPattern.Read(part), part.Required("content").Text()),
            "NFC" => new CanonicalNormalizer(),
            _ => throw type.Error($"the normalizer {type.Describe()}", "Sequence, Prepend, Replace or NFC"),
        };
    }
}
