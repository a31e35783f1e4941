namespace RlhfV.Evaluation;

/// <summary>What a yes/no question of AMBER is about.</summary>
public enum AmberDimension
{
    /// <summary>Whether an object is there.</summary>
    Existence,

    /// <summary>The state of an object, such as its colour.</summary>
    State,

    /// <summary>How many there are.</summary>
    Number,

    /// <summary>What someone does.</summary>
    Action,

    /// <summary>How two objects relate.</summary>
    Relation,
}
