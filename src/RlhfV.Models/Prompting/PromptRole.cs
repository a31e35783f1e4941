namespace RlhfV.Models;

/// <summary>Who speaks in a turn.</summary>
public enum PromptRole
{
    /// <summary>The person who asks.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,
}
