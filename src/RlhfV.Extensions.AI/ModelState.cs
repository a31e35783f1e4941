namespace RlhfV.Extensions.AI;

/// <summary>How far a client's model is.</summary>
public enum ModelState
{
    /// <summary>Nobody has asked for it yet.</summary>
    NotLoaded,

    /// <summary>It is being loaded.</summary>
    Loading,

    /// <summary>It answers.</summary>
    Ready,

    /// <summary>It could not be loaded; the next request tries again.</summary>
    LoadFailed,
}
