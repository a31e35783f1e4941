namespace RlhfV.Models;

/// <summary>A text or a picture in a turn: a <see cref="TextPart"/> or an <see cref="ImagePart"/>.</summary>
public abstract record PromptPart
{
    private protected PromptPart()
    {
    }
}
