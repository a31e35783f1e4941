namespace SceneWorld;

/// <summary>Everything that can stand in a scene, grouped by the setting it usually belongs to.</summary>
public enum ObjectKind
{
    Cup,
    Plate,
    Pot,
    Kettle,
    Apple,
    Fridge,

    Car,
    Bus,
    Bicycle,
    Tree,
    Bench,
    Sign,

    Sofa,
    Lamp,
    Television,
    Book,
    Vase,
    Clock,

    Bathtub,
    Toilet,
    Towel,
    Mirror,
    Toothbrush,
    Bucket,

    Chair,
    Ball,

    Person,
    Dog,
    Cat,
    Bird,
}
