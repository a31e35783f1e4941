namespace SceneWorld;

/// <summary>The questions that descriptions answer.</summary>
public static class CaptionPrompts
{
    /// <summary>Wordings that ask for a detailed description.</summary>
    public static IReadOnlyList<string> Detailed { get; } =
    [
        "Describe this image in detail.",
        "Describe the picture in detail.",
        "What can you see in this picture? Tell me everything.",
        "Give a detailed description of the image.",
        "Tell me in detail what this image shows.",
        "Please describe everything in the scene.",
    ];

    /// <summary>Wordings that ask for a short description.</summary>
    public static IReadOnlyList<string> Short { get; } =
    [
        "Describe this image in one sentence.",
        "Say something about the picture.",
        "Give a short description of the image.",
    ];
}
